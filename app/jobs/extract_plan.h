#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
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
  RunReport survey(const extract::ExtractQuery& query, std::vector<std::string>& names);
  void cut();
  RunReport scan();
  void lose_rest(std::uint32_t file, std::uint64_t begin, const std::string& reason);
  bool is_lost(const records::Portion& portion) const;

  const RunOptions& options_;
  const RecordInputs& inputs_;
  RecordReport& report_;
  std::vector<std::optional<extract::Detected>> detected_;  // of each file
  std::vector<records::Batch> batches_;
  // Of the portions of CSV files: file and begin.
  std::map<std::pair<std::uint32_t, std::uint64_t>, extract::QuoteState> states_;
  // Where the rest of a CSV file begins that cannot be read, as its states are not known.
  std::map<std::uint32_t, std::uint64_t> lost_from_;
};

}  // namespace bulkhead::jobs
