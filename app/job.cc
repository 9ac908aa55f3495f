#include "job.h"

#include <array>

namespace bulkhead {

namespace jobs {
// One line and one row below for each file of jobs/, so that this room includes none of them.
JobAction configure_thumbnails(CLI::App& command);
JobAction configure_logs(CLI::App& command);
JobAction configure_extract(CLI::App& command);
JobAction configure_dataset(CLI::App& command);
JobAction configure_doctor(CLI::App& command);
}  // namespace jobs

namespace {

constexpr std::array kJobs = {
    Job{"thumbnails", "Make a small JPEG of each photo", jobs::configure_thumbnails},
    Job{"logs", "Statistics of the access logs of web servers", jobs::configure_logs},
    Job{"extract", "One table out of many CSV, JSON and XML files", jobs::configure_extract},
    Job{"dataset", "A data set for machine learning out of many photos", jobs::configure_dataset},
    Job{"doctor", "What this machine allows: CPUs, memory, sandboxes", jobs::configure_doctor},
};

}  // namespace

std::span<const Job> all_jobs() {
  return kJobs;
}

}  // namespace bulkhead
