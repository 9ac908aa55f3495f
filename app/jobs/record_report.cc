#include "jobs/record_report.h"

#include <algorithm>
#include <utility>

#include "display/escape.h"
#include "display/numbers.h"
#include "display/summary.h"

namespace bulkhead::jobs {

using display::printable;
using records::Portion;

RecordReport::RecordReport(display::Console& console, RejectsFile& rejects,
                           const RecordInputs& inputs, std::string_view unit)
    : console_(console),
      rejects_(rejects),
      inputs_(inputs),
      unit_(unit),
      files_(inputs.files.size()) {
  for (const files::Input& input : inputs.problems) {
    fail(input.path, input.problem);
  }
}

void RecordReport::reject(const Portion& portion, const records::Rejection& rejection) {
  const FileState& file = files_[portion.file];
  rejects_.add(
      {.file = inputs_.files[portion.file].name,
       .unit = unit_,
       .number = file.is_counted ? std::optional(file.records + rejection.number) : std::nullopt,
       .offset = rejection.offset,
       .reason = rejection.reason,
       .raw = rejection.raw});
}

void RecordReport::add(const Portion& portion, const records::RecordCounts& counts) {
  counts_ += counts;
  files_[portion.file].records += counts.in;
}

void RecordReport::lose(const Portion& portion, const std::string& reason) {
  if (portion.end - portion.begin != 1) {
    const bool is_part = portion.begin != 0 || portion.end != Portion::kToTheEnd;
    fail_file(portion.file, is_part ? "bytes " + std::to_string(portion.begin) + " to " +
                                          std::to_string(portion.end) + ": " + reason
                                    : reason);
    return;
  }
  // A portion of one byte that makes a worker crash has the start of the record that does.
  const std::uint64_t number = files_[portion.file].records + 1;
  console_.error(printable(inputs_.files[portion.file].name) + ": error: " + std::string(unit_) +
                 " " + std::to_string(number) + ": " + printable(reason));
  reject(portion, {.file = portion.file, .number = 1, .offset = portion.begin, .reason = reason});
  add(portion, {.in = 1, .rejected = 1});
}

void RecordReport::fail_file(std::uint32_t file, const std::string& reason) {
  files_[file].is_counted = false;
  if (!std::exchange(files_[file].has_failed, true)) {
    fail(inputs_.files[file].name, reason);
  }
}

void RecordReport::fail(const std::string& name, const std::string& reason) {
  ++failed_files_;
  console_.error(printable(name) + ": error: " + printable(reason));
  rejects_.add({.file = name, .reason = reason});
}

void RecordReport::tell_progress(std::size_t total) {
  ++parts_done_;
  console_.progress({.done = parts_done_,
                     .total = std::max(parts_done_, total),
                     .failed = failed_files_,
                     .elapsed = std::chrono::steady_clock::now() - start_,
                     .things = "parts"});
}

void RecordReport::tell_summary(const RunReport& cost, const std::string& more) {
  const auto elapsed = std::chrono::steady_clock::now() - start_;
  const auto megabytes = static_cast<std::size_t>(inputs_.bytes / 1'000'000);
  const auto counted = [](std::uint64_t count, std::string_view thing) {
    return std::to_string(count) + " " + std::string(thing) + (count == 1 ? "" : "s");
  };
  std::string line = counted(inputs_.files.size(), "file") + ", " + counted(counts_.in, unit_) +
                     " in: " + std::to_string(counts_.out) + " out, " +
                     std::to_string(counts_.filtered) + " filtered, " +
                     std::to_string(counts_.rejected) + " rejected" + more;
  if (failed_files_ != 0) {
    line += ", " + counted(failed_files_, "file") + " failed";
  }
  if (inputs_.repeated != 0) {
    line += ", " + counted(inputs_.repeated, "repeated file") + " left out";
  }
  if (inputs_.own_outputs != 0) {
    line += ", " + counted(inputs_.own_outputs, "output") + " of this run left out";
  }
  line += " in " + display::format_fixed(display::seconds(elapsed), 2) +
          " s: " + display::format_rate(megabytes, elapsed) + " MB/s\n";
  console_.closing(
      line + display::format_cost(
                 {.elapsed = elapsed, .cpu = cost.cpu, .cores = usable_cpus(), .busy = cost.busy}));
}

}  // namespace bulkhead::jobs
