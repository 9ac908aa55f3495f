#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "display/console.h"
#include "files/mark.h"
#include "files/output_plan.h"
#include "files/read_ahead.h"
#include "imaging/thumbnail.h"
#include "jobs/desktop_cache.h"
#include "jobs/gallery.h"
#include "jobs/run_journal.h"
#include "jobs/section_replies.h"
#include "jobs/thumbnail_report.h"
#include "jobs/thumbnail_task.h"
#include "jobs/thumbnails.h"

namespace bulkhead::jobs {

/// What a run works with besides its plan.
struct RunTools {
  display::Console& console;
  RunJournal& journal;
  RecordFile* report = nullptr;         ///< gets the records too; null: none
  const DesktopCache* cache = nullptr;  ///< where the outputs are; null: anywhere
};

/// One run: the plan, walked along as the outcomes come in, in the same order.
class ThumbnailRun {
 public:
  /// All must outlive it.
  ThumbnailRun(const ThumbnailsOptions& options, const files::OutputPlan& plan,
               const RunTools& tools);

  /// Makes, publishes and tells; the status of the program. Once.
  int run();

  /// Whether it ended before the last photo, interruptions apart.
  bool has_stopped() const { return has_stopped_; }

  /// The photos that have thumbnails now, when the options ask for pages or sheets of them.
  const std::vector<ShownPhoto>& shown() const { return shown_; }

 private:
  // What is to become of a photo.
  enum class Fate : std::uint8_t { Made, Skipped, KnownFailure, Failed };

  Fate fate_of(const files::PlannedOutput& photo);
  std::optional<Fate> fate_in_journal(const files::PlannedOutput& photo,
                                      const std::optional<std::string>& identity) const;
  bool are_all_skipped(const files::PlannedOutput& photo) const;
  bool is_skipped(const files::PlannedOutput& photo, std::size_t size) const;
  bool is_made(std::size_t index);
  ThumbnailTask task_of(std::size_t index) const;
  std::vector<ThumbnailTask> tasks_of(std::size_t index);
  int sections_of(std::size_t index);
  void announce_up_to(std::size_t end);
  RunReport make_all();
  bool is_outcome_of_photo(JobSession& session, Outcome<ThumbnailReply>& outcome);
  Outcome<ThumbnailReply> put_together(JobSession& session, SectionReplies& replies) const;
  void tell_what_is_not_made();
  void note_shown(const files::PlannedOutput& photo, imaging::Extent size);
  Expected<void, files::FileError> save(const files::PlannedOutput& photo, std::size_t size,
                                        const ThumbnailReply& reply);
  void note_failure(const files::PlannedOutput& photo) const;
  void keep(const Expected<void, files::FileError>& noted);
  imaging::OutputFormat format_of(const std::string& photo) const;
  files::Mark mark_of(const std::string& photo, std::size_t size) const;
  files::Mark mark_of_failure(const std::string& photo) const;
  void take(const files::PlannedOutput& photo, const Outcome<ThumbnailReply>& outcome);
  void take_thumbnails(const files::PlannedOutput& photo,
                       const std::optional<std::string>& identity, const ThumbnailReply& reply);
  void tell_summary(const RunReport& cost, std::chrono::nanoseconds elapsed);

  const ThumbnailsOptions& options_;
  display::Console& console_;
  RunJournal& journal_;
  const DesktopCache* cache_;
  const files::OutputPlan& plan_;
  imaging::ThumbnailOptions thumbnails_;
  std::map<imaging::OutputFormat, std::vector<files::Mark>> marks_;  // of each size
  std::vector<Fate> fates_;  // of the first photos of the plan, as far as was looked
  std::deque<std::optional<std::string>> identities_;  // of those that are being made, in order
  std::size_t next_ = 0;                               // the first photo that was not yet told of
  std::size_t announced_ = 0;  // the first photo that was not yet read ahead
  files::ReadAhead read_ahead_;
  std::map<std::size_t, SectionReplies> cut_photos_;  // by their places in the plan
  ThumbnailReport report_;
  std::vector<ShownPhoto> shown_;
  bool has_stopped_ = false;
  bool do_marks_stick_ = true;  // outputs have the marks that they were given
  bool is_kept_ = true;         // what became of every photo was noted
};

}  // namespace bulkhead::jobs
