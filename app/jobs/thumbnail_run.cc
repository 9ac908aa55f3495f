#include "jobs/thumbnail_run.h"

#include <algorithm>
#include <filesystem>
#include <ranges>
#include <system_error>
#include <utility>

#include "display/summary.h"
#include "files/publish.h"
#include "jobs/thumbnail_marks.h"

namespace bulkhead::jobs {
namespace {

using display::Console;
using files::PlannedOutput;
using imaging::OutputFormat;

// A camera's photos of these are 100 MB, and take two workers half a second.
constexpr std::size_t kPhotosReadAhead = 32;

// Handing a photo to several workers and putting it together takes some 2 ms, in which one decodes
// 1.5 MB.
constexpr std::uintmax_t kMinBytesOfSection = std::uintmax_t{2} << 20;

}  // namespace

ThumbnailRun::ThumbnailRun(const ThumbnailsOptions& options, const files::OutputPlan& plan,
                           const RunTools& tools)
    : options_(options),
      console_(tools.console),
      journal_(tools.journal),
      cache_(tools.cache),
      plan_(plan),
      thumbnails_(thumbnails_of(options)),
      marks_(marks_by_format(thumbnails_)),
      report_(tools.console, options.form, plan.size(), tools.report) {
  fates_.reserve(plan.size());
}

int ThumbnailRun::run() {
  const auto start = std::chrono::steady_clock::now();
  const RunReport cost = make_all();
  if (cost.interrupted_by == 0 && !has_stopped_) {
    tell_what_is_not_made();
  }
  keep(journal_.finish());
  if (!options_.dry_run) {
    tell_summary(cost, std::chrono::steady_clock::now() - start);
  }
  if (cost.interrupted_by != 0) {
    if (journal_.is_kept()) {
      console_.closing("to go on: the same command with --resume\n");
    }
    return status_of_signal(cost.interrupted_by);
  }
  const bool is_complete = report_.counts().failed == 0 && console_.is_intact() && is_kept_;
  return static_cast<int>(is_complete ? ExitStatus::Done : ExitStatus::SomeFailed);
}

ThumbnailRun::Fate ThumbnailRun::fate_of(const PlannedOutput& photo) {
  if (!photo.problem.empty()) {
    return Fate::Failed;
  }
  auto identity =
      journal_.is_kept() ? files::identity_of(photo.input.path) : std::optional<std::string>();
  if (const auto fate = fate_in_journal(photo, identity)) {
    return *fate;
  }
  if (are_all_skipped(photo)) {
    return Fate::Skipped;
  }
  const bool has_failed_before =
      cache_ != nullptr && options_.skip == SkipRule::UpToDate &&
      cache_->is_known_failure(photo.input.path, mark_of_failure(photo.input.path));
  if (has_failed_before) {
    return Fate::KnownFailure;
  }
  identities_.push_back(std::move(identity));
  return Fate::Made;
}

bool ThumbnailRun::are_all_skipped(const PlannedOutput& photo) const {
  for (std::size_t i = 0; i < photo.outputs.size(); ++i) {
    if (!is_skipped(photo, i)) {
      return false;
    }
  }
  return true;
}

std::optional<ThumbnailRun::Fate> ThumbnailRun::fate_in_journal(
    const PlannedOutput& photo, const std::optional<std::string>& identity) const {
  const auto fate = identity ? journal_.fate_of(*identity) : std::nullopt;
  if (fate == files::InputFate::Failed) {
    return Fate::KnownFailure;
  }
  return fate == files::InputFate::Done && std::ranges::all_of(photo.outputs, files::exists)
             ? std::optional(Fate::Skipped)
             : std::nullopt;
}

bool ThumbnailRun::is_skipped(const PlannedOutput& photo, std::size_t size) const {
  switch (options_.skip) {
    case SkipRule::None:
      return false;
    case SkipRule::Existing:
      return files::exists(photo.outputs[size]);
    case SkipRule::UpToDate:
      return files::is_up_to_date(photo.input.path, photo.outputs[size],
                                  mark_of(photo.input.path, size));
  }
  return false;
}

// Looked at when its turn to be handed out has come: the first photo does not wait for the last.
bool ThumbnailRun::is_made(std::size_t index) {
  if (index == fates_.size()) {
    fates_.push_back(fate_of(plan_[index]));
  }
  return fates_[index] == Fate::Made;
}

ThumbnailTask ThumbnailRun::task_of(std::size_t index) const {
  const std::string path = plan_[index].input.path;
  return {.path = path, .format = format_of(path)};
}

// Handing out a photo, it has those behind it read.
std::vector<ThumbnailTask> ThumbnailRun::tasks_of(std::size_t index) {
  if (announced_ < index + kPhotosReadAhead / 2) {
    announce_up_to(std::min(index + kPhotosReadAhead, plan_.size()));
  }
  const int sections = sections_of(index);
  std::vector<ThumbnailTask> tasks(static_cast<std::size_t>(sections), task_of(index));
  for (int i = 0; i < sections; ++i) {
    tasks[static_cast<std::size_t>(i)].section = {.index = i, .count = sections};
  }
  if (sections > 1) {
    cut_photos_.emplace(index, tasks.size());
  }
  return tasks;
}

// The last photos are shared among workers that would have nothing else to do.
int ThumbnailRun::sections_of(std::size_t index) {
  if (options_.run.executor != ExecutorKind::Processes || announced_ != plan_.size()) {
    return 1;
  }
  const std::size_t workers = options_.run.jobs != 0 ? options_.run.jobs : usable_cpus();
  std::size_t left = 0;
  for (std::size_t i = index; i < plan_.size(); ++i) {
    left += is_made(i) ? 1 : 0;
  }
  if (left >= workers) {
    return 1;
  }
  std::error_code unknown;
  const auto bytes = std::filesystem::file_size(plan_[index].input.path, unknown);
  const std::uintmax_t most = unknown ? 1 : bytes / kMinBytesOfSection;
  return static_cast<int>(std::clamp<std::uintmax_t>(most, 1, workers / left));
}

void ThumbnailRun::announce_up_to(std::size_t end) {
  std::vector<std::string> paths;
  for (; announced_ < end; ++announced_) {
    if (is_made(announced_)) {
      paths.push_back(plan_[announced_].input.path);
    }
  }
  if (!paths.empty()) {
    read_ahead_.announce(std::move(paths));
  }
}

OutputFormat ThumbnailRun::format_of(const std::string& photo) const {
  return options_.format_rule == FormatRule::Fixed ? thumbnails_.encoding.format
                                                   : format_for_name(photo, options_.format_rule);
}

files::Mark ThumbnailRun::mark_of(const std::string& photo, std::size_t size) const {
  return marks_.at(format_of(photo))[size];
}

// What fails within some limits may not within others.
files::Mark ThumbnailRun::mark_of_failure(const std::string& photo) const {
  std::string text;
  for (const std::uint64_t number :
       {std::uint64_t{mark_of(photo, 0).nanoseconds}, thumbnails_.max_pixels,
        thumbnails_.max_decoded_pixels, options_.run.memory}) {
    text += std::to_string(number) + ' ';
  }
  return files::mark_of(text);
}

RunReport ThumbnailRun::make_all() {
  auto made = std::views::iota(std::size_t{0}, plan_.size()) |
              std::views::filter([this](std::size_t index) { return is_made(index); });
  if (options_.dry_run) {
    std::ranges::for_each(std::views::iota(std::size_t{0}, plan_.size()),
                          [this](std::size_t index) { is_made(index); });
    return {};
  }
  if (made.empty()) {
    return {};  // Not a process for nothing.
  }
  auto tasks = made | std::views::transform([this](std::size_t index) { return tasks_of(index); }) |
               std::views::join;
  JobSession session(options_.run);
  session.run(partial(make_one, thumbnails_), tasks, [&](Outcome<ThumbnailReply>& outcome) {
    tell_what_is_not_made();
    if (is_outcome_of_photo(session, outcome)) {
      if (outcome) {
        check(*outcome, thumbnails_.sizes.size());
      }
      take(plan_[next_++], outcome);
    }
    has_stopped_ = has_stopped_ ||
                   (options_.after_failure == AfterFailure::Stop && report_.counts().failed != 0);
    return has_stopped_ ? AfterOutcome::Stop : AfterOutcome::GoOn;
  });
  return session.finish();
}

// Of a photo that is cut into sections, the last one's outcome is made the photo's.
bool ThumbnailRun::is_outcome_of_photo(JobSession& session, Outcome<ThumbnailReply>& outcome) {
  const auto cut = cut_photos_.find(next_);
  if (cut == cut_photos_.end()) {
    return true;
  }
  SectionReplies& replies = cut->second;
  replies.add(std::move(outcome));
  if (!replies.is_complete()) {
    return false;
  }
  outcome = put_together(session, replies);
  cut_photos_.erase(cut);
  return true;
}

// What does not go together is made as a whole, so that the same becomes of it as with one worker.
Outcome<ThumbnailReply> ThumbnailRun::put_together(JobSession& session,
                                                   SectionReplies& replies) const {
  if (replies.end()) {
    return Unexpected(*replies.end());
  }
  const ThumbnailTask task = task_of(next_);
  if (const auto sections = replies.take_sections()) {
    auto joined = session.call(partial(join_one, thumbnails_), task, *sections);
    if (joined && replies.complete(*joined)) {
      return joined;
    }
  }
  return session.call(partial(make_one, thumbnails_), task);
}

// What stands before the next photo that is made: told when its turn has come.
void ThumbnailRun::tell_what_is_not_made() {
  for (; next_ != fates_.size(); ++next_) {
    const PlannedOutput photo = plan_[next_];
    switch (fates_[next_]) {
      case Fate::Failed:
        report_.failed(photo, photo.problem);
        break;
      case Fate::Skipped:
        report_.skipped(photo);
        note_shown(photo, {});
        break;
      case Fate::KnownFailure:
        report_.failed(photo, "has failed before, and did not change since");
        break;
      case Fate::Made:
        if (!options_.dry_run) {
          return;
        }
        report_.planned(photo);
        break;
    }
  }
}

void ThumbnailRun::take(const PlannedOutput& photo, const Outcome<ThumbnailReply>& outcome) {
  const auto identity = std::move(identities_.front());
  identities_.pop_front();
  if (outcome && outcome->error.empty() && !(options_.strict && !outcome->damage.empty())) {
    return take_thumbnails(photo, identity, *outcome);
  }
  if (!outcome && outcome.error().kind == FailureKind::Cancelled) {
    return report_.not_tried();
  }
  // Where no worker can be kept, no photo is to blame.
  if (outcome || outcome.error().kind != FailureKind::Broken) {
    keep(journal_.note_failed(identity));
  }
  if (!outcome) {
    const FailureKind kind = outcome.error().kind;
    // Not what the machine is to blame for: too slow, or not working at all.
    if (kind == FailureKind::Exception || kind == FailureKind::Crashed ||
        kind == FailureKind::Exited) {
      note_failure(photo);
    }
    return report_.failed(photo, outcome.error());
  }
  if (outcome->error.empty()) {
    return report_.failed(photo, "damaged: " + outcome->damage);
  }
  // It could be read, and will not be better another time.
  if (outcome->source_bytes != 0 && !outcome->is_out_of_memory) {
    note_failure(photo);
  }
  report_.failed(photo, *outcome);
}

void ThumbnailRun::take_thumbnails(const PlannedOutput& photo,
                                   const std::optional<std::string>& identity,
                                   const ThumbnailReply& reply) {
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < photo.outputs.size(); ++i) {
    if (options_.skip == SkipRule::Existing && files::exists(photo.outputs[i])) {
      left.push_back(i);
      continue;
    }
    if (const auto saved = save(photo, i, reply); !saved) {
      has_stopped_ = has_stopped_ || is_disk_full(saved.error());
      return report_.failed(photo,
                            "cannot save " + saved.error().path + ": " + saved.error().reason);
    }
  }
  keep(journal_.note_done(identity, photo.outputs));
  note_shown(photo, reply.made.front().size);
  report_.made(photo, reply, left);
}

// A run that cannot say what it did is stopped: it could not be gone on with.
void ThumbnailRun::keep(const Expected<void, files::FileError>& noted) {
  if (noted || !is_kept_) {
    return;
  }
  is_kept_ = false;
  has_stopped_ = true;
  console_.error("bulkhead thumbnails: cannot write " + noted.error().path + ": " +
                 noted.error().reason);
}

// For the pages and sheets, if there are to be any.
void ThumbnailRun::note_shown(const PlannedOutput& photo, imaging::Extent size) {
  if (!options_.gallery.empty() || !options_.contact_sheet.empty()) {
    shown_.push_back({photo.input.path, photo.input.reldir, photo.outputs, size});
  }
}

Expected<void, files::FileError> ThumbnailRun::save(const PlannedOutput& photo, std::size_t size,
                                                    const ThumbnailReply& reply) {
  const std::string& output = photo.outputs[size];
  // Without a mark it is never up to date, so that later runs tell of the damage, too, or make it
  // of what the photo has become meanwhile.
  const bool is_lasting = reply.damage.empty() && files::changed(photo.input.path) == reply.changed;
  const files::Mark mark = is_lasting ? mark_of(photo.input.path, size) : files::Mark{};
  auto saved = cache_ != nullptr
                   ? cache_->save(photo.input.path, output, reply, size, mark)
                   : files::publish(output, reply.made.at(size).bytes,
                                    {.mark = mark, .durability = journal_.durability()});
  do_marks_stick_ = do_marks_stick_ && (!saved || !is_lasting || files::has_mark(output, mark));
  return saved;
}

void ThumbnailRun::note_failure(const PlannedOutput& photo) const {
  if (cache_ != nullptr) {
    cache_->save_failure(photo.input.path, mark_of_failure(photo.input.path));
  }
}

void ThumbnailRun::tell_summary(const RunReport& cost, std::chrono::nanoseconds elapsed) {
  display::RunSummary summary = report_.counts();
  summary.thumbnails_each = options_.sizes.size();
  summary.left_out = plan_.left_out();
  summary.not_tried = plan_.size() - summary.made - summary.skipped - summary.failed;
  summary.cost = {.elapsed = elapsed, .cpu = cost.cpu, .cores = usable_cpus(), .busy = cost.busy};
  console_.closing(display::format_summary(summary));
  if (options_.skip == SkipRule::UpToDate && !do_marks_stick_) {
    console_.error(
        "bulkhead thumbnails: warning: the disk keeps times too coarsely for --update to know the "
        "thumbnails again");
  }
}

}  // namespace bulkhead::jobs
