#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <bulkhead/error.h>

#include "display/console.h"
#include "display/json_record.h"
#include "display/summary.h"
#include "files/output_plan.h"
#include "jobs/record_file.h"
#include "jobs/thumbnail_task.h"

namespace bulkhead::jobs {

/// How the result of each photo is told.
enum class ReportForm { Lines, LongLines, Json };

/// The members that records may have, in order; not the exact bytes of a path that is not UTF-8,
/// which in CSV are in the cell of the path itself.
std::span<const std::string_view> record_columns();

/// Tells what became of each photo, one after the other, and counts. Every photo is told of by
/// exactly one call of made, planned, skipped, failed or not_tried.
/// A photo of several thumbnails has a line, or a record, for each of them, and one when it failed.
class ThumbnailReport {
 public:
  /// The records go to the file, too, where there is one.
  ThumbnailReport(display::Console& console, ReportForm form, std::size_t total,
                  RecordFile* file = nullptr);

  /// The thumbnails are in their files; those of the indices `left` were there, and are as before.
  void made(const files::PlannedOutput& photo, const ThumbnailReply& reply,
            std::span<const std::size_t> left = {});
  /// The thumbnails would be made, were this no dry run.
  void planned(const files::PlannedOutput& photo);
  /// The thumbnails that are there are left as they are.
  void skipped(const files::PlannedOutput& photo);
  /// There is none, as the worker says.
  void failed(const files::PlannedOutput& photo, const ThumbnailReply& reply);
  /// There is none, for a reason that the program names.
  void failed(const files::PlannedOutput& photo, const std::string& reason);
  /// There is none, since the task itself failed.
  void failed(const files::PlannedOutput& photo, const Failure& failure);
  /// It was cancelled.
  void not_tried() { ++counts_.not_tried; }

  /// The counts so far; what they took is left to the caller.
  const display::RunSummary& counts() const { return counts_; }

 private:
  void tell_failure(const files::PlannedOutput& photo, const char* status,
                    const std::string& reason, const Failure* failure);
  bool has_records() const { return form_ == ReportForm::Json || file_ != nullptr; }
  void tell_made(const files::PlannedOutput& photo, const ThumbnailReply& reply, std::size_t index);
  void tell_skipped(const files::PlannedOutput& photo, const std::string& output);
  void tell(const display::JsonRecord& record);
  void tell_progress();

  display::Console& console_;
  ReportForm form_;
  std::size_t total_;
  RecordFile* file_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  display::RunSummary counts_;
};

}  // namespace bulkhead::jobs
