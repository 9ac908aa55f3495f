#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <bulkhead/expected.h>

#include "dataset/candidate.h"
#include "dataset/plan.h"
#include "dataset/sample_output.h"
#include "files/pending_file.h"
#include "jobs/dataset.h"
#include "jobs/dataset_records.h"

namespace bulkhead::jobs {

/// Writes the samples of a plan into a folder, in all forms that are asked for, and what is to be
/// known about them.
class DatasetWriter {
 public:
  /// All must outlive it. Errors: a line for the user.
  static Expected<DatasetWriter, std::string> create(const DatasetOptions& options,
                                                     const dataset::Plan& plan,
                                                     const std::vector<dataset::Candidate>& found,
                                                     std::string folder);

  /// The next sample of the plan that could be made. Errors: a line for the user; what was written
  /// is of no use then.
  Expected<void, std::string> add(const dataset::PlannedSample& planned,
                                  const dataset::Sample& sample);

  /// Writes all but the rejects. The last call. Between large files it asks whether to stop, which
  /// is an error too. Errors: those of add().
  Expected<void, std::string> finish(const records::RecordCounts& counts,
                                     const std::function<bool()>& is_to_stop);

  /// The files with samples, and what was written into them; none where the options do not ask to
  /// verify it.
  std::span<const dataset::WrittenFile> written() const {
    return log_ ? std::span(log_->files()) : std::span<const dataset::WrittenFile>();
  }

 private:
  DatasetWriter(const DatasetOptions& options, const dataset::Plan& plan,
                const std::vector<dataset::Candidate>& found, std::string folder,
                files::PendingFile manifest);
  dataset::SampleName name_of(const dataset::PlannedSample& planned) const;
  Expected<void, std::string> make_class_folders() const;

  const DatasetOptions& options_;
  const dataset::Plan& plan_;
  const std::vector<dataset::Candidate>& candidates_;
  std::string folder_;
  files::PendingFile manifest_;
  std::unique_ptr<dataset::WriteLog> log_;  // null: nobody asks what was written
  std::vector<std::unique_ptr<dataset::SampleOutput>> outputs_;
  std::vector<SplitStatistics> statistics_;  // of each split
};

}  // namespace bulkhead::jobs
