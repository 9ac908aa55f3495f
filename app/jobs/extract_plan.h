#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "extract/table_rows.h"
#include "jobs/record_inputs.h"
#include "jobs/record_report.h"
#include "run_job.h"

namespace bulkhead::jobs {

/// What has to be known of all files before their rows are read.
class ExtractPlan {
 public:
  ExtractPlan(const RunOptions& options, const RecordInputs& inputs, RecordReport& report);

  /// Finds out formats, columns if there are none in the query, and in which state large CSV files
  /// are where they are cut. The report says what was interrupted; files that cannot be read are
  /// told of.
  RunReport make(extract::ExtractQuery& query);

  const std::vector<records::Batch>& batches() const { return batches_; }
  extract::ExtractTask task_of(const records::Batch& batch,
                               const extract::ExtractQuery& query) const;

 private:
  RunReport survey(const extract::Path& rows, std::vector<std::string>& names);
  void cut();
  RunReport scan();

  const RunOptions& options_;
  const RecordInputs& inputs_;
  RecordReport& report_;
  std::vector<std::optional<extract::Detected>> detected_;  // of each file
  std::vector<records::Batch> batches_;
  // Of portions behind the first one of a CSV file: file and begin.
  std::map<std::pair<std::uint32_t, std::uint64_t>, extract::QuoteState> states_;
};

}  // namespace bulkhead::jobs
