#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dataset/candidate.h"
#include "dataset/label_table.h"
#include "dataset/plan.h"
#include "display/console.h"
#include "files/pending_folder.h"
#include "jobs/dataset.h"
#include "jobs/dataset_writer.h"
#include "jobs/rejects_file.h"
#include "records/rejection.h"
#include "run_job.h"

namespace bulkhead::jobs {

/// The pictures that a data set is made of, as they were found.
struct DatasetInputs {
  std::vector<files::Input> pictures = {};
  std::vector<std::string> folders = {};  ///< one or two below SRC: those of classes may be empty
};

/// One run: all pictures are looked at, then the plan is made, then all samples.
class DatasetRun {
 public:
  /// All must outlive it; `table` is null where no option asks for one.
  DatasetRun(const DatasetOptions& options, display::Console& console, const DatasetInputs& inputs,
             const dataset::LabelTable* table);

  /// The status of the program. Once.
  int run();

 private:
  // Of one picture that is not in the data set.
  struct Dropped {
    std::size_t input = 0;
    dataset::Fate fate = dataset::Fate::Rejected;
    std::string reason = {};
  };

  void inspect_all(JobSession& session);
  bool make_plan(JobSession& session, files::PendingFolder& folder);
  bool make_all(JobSession& session, DatasetWriter& writer);
  bool verify(JobSession& session, const DatasetWriter& writer, const std::string& folder);
  bool write_rejects(RejectsFile& rejects);
  int make_and_publish(JobSession& session, files::PendingFolder& folder, RejectsFile& rejects);
  int end_without_samples(JobSession& session, RejectsFile& rejects);
  void drop(std::size_t input, dataset::Fate fate, const std::string& reason);
  AfterOutcome drop_failed(std::size_t input, const Failure& failure);
  bool tell_problem(const Expected<void, std::string>& done);
  void tell_interruption();
  std::optional<int> stopped(JobSession& session);  // nothing: the run goes on
  void tell_progress(std::size_t done, std::size_t total, std::string_view things);
  void tell_summary(const RunReport& cost);

  const DatasetOptions& options_;
  display::Console& console_;
  const DatasetInputs& inputs_;
  const dataset::LabelTable* table_;
  std::vector<dataset::Candidate> candidates_;
  std::vector<std::size_t> input_of_;  // of each candidate
  dataset::Plan plan_;
  std::vector<Dropped> dropped_;
  records::RecordCounts counts_;
  std::string broken_;  // why there are no workers any more; empty: there are
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace bulkhead::jobs
