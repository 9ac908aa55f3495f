#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "display/console.h"
#include "jobs/record_inputs.h"
#include "jobs/rejects_file.h"
#include "records/portions.h"
#include "records/rejection.h"
#include "run_job.h"

namespace bulkhead::jobs {

/// Tells what a job over records could not read, how far it is, and what it came to. Knows which
/// number the next record of each file has, since portions of it come one after the other.
class RecordReport {
 public:
  /// `unit` is what records are called: "line", "record".
  RecordReport(display::Console& console, RejectsFile& rejects, const RecordInputs& inputs,
               std::string_view unit);

  /// A record of the next portion of a file.
  void reject(const records::Portion& portion, const records::Rejection& rejection);
  /// All records of the next portion of a file; the rejected ones have been told.
  void add(const records::Portion& portion, const records::RecordCounts& counts);
  /// A portion that its worker did not survive: one record, or the file.
  void lose(const records::Portion& portion, const std::string& reason);
  /// A file that cannot be read, or not to its end; told once.
  void fail_file(std::uint32_t file, const std::string& reason);
  /// One part of `total` is done.
  void tell_progress(std::size_t total);
  /// At the end. Two lines: the counts, `more` behind them, and the cost.
  void tell_summary(const RunReport& cost, const std::string& more = "");

  const records::RecordCounts& counts() const { return counts_; }
  /// Nothing was rejected, and every file was read.
  bool is_clean() const { return counts_.rejected == 0 && failed_files_ == 0; }

 private:
  struct FileState {
    std::uint64_t records = 0;  // in the portions so far
    bool is_counted = true;     // else nobody knows which number the next one has
    bool has_failed = false;
  };

  void fail(const std::string& name, const std::string& reason);

  display::Console& console_;
  RejectsFile& rejects_;
  const RecordInputs& inputs_;
  std::string_view unit_;
  std::vector<FileState> files_;
  records::RecordCounts counts_;
  std::size_t failed_files_ = 0;
  std::size_t parts_done_ = 0;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace bulkhead::jobs
