#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "display/console.h"
#include "files/mark.h"
#include "files/output_plan.h"
#include "files/read_ahead.h"
#include "imaging/thumbnail.h"
#include "jobs/thumbnail_report.h"
#include "jobs/thumbnail_task.h"
#include "jobs/thumbnails.h"

namespace bulkhead::jobs {

/// One run: the plan, walked along as the outcomes come in, in the same order.
class ThumbnailRun {
 public:
  /// All must outlive it. Records go to `report_file`, too, unless it is null.
  ThumbnailRun(const ThumbnailsOptions& options, display::Console& console,
               const files::OutputPlan& plan, display::RecordFile* report_file);

  /// Makes, publishes and tells; the status of the program. Once.
  int run();

 private:
  // What is to become of a photo.
  enum class Fate : std::uint8_t { Made, Skipped, Failed };

  Fate fate_of(const files::PlannedOutput& photo) const;
  bool is_skipped(const files::PlannedOutput& photo, std::size_t size) const;
  bool is_made(std::size_t index);
  ThumbnailTask task_of(std::size_t index);
  RunReport make_all();
  void tell_what_is_not_made();
  void take(const files::PlannedOutput& photo, const Outcome<ThumbnailReply>& outcome);
  void tell_summary(const RunReport& cost, std::chrono::nanoseconds elapsed);

  const ThumbnailsOptions& options_;
  display::Console& console_;
  const files::OutputPlan& plan_;
  imaging::ThumbnailOptions thumbnails_;
  std::vector<files::Mark> marks_;  // of each size
  std::vector<Fate> fates_;         // of the first photos of the plan, as far as was looked
  std::size_t next_ = 0;            // the first photo that was not yet told of
  std::size_t announced_ = 0;       // the first photo that was not yet read ahead
  files::ReadAhead read_ahead_;
  ThumbnailReport report_;
  bool has_stopped_ = false;
};

}  // namespace bulkhead::jobs
