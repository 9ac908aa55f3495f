#include "jobs/run_journal.h"

#include <utility>

namespace bulkhead::jobs {

using files::FileError;
using files::InputFate;

Expected<RunJournal, std::string> RunJournal::open(const JournalOptions& options,
                                                   const std::string& job) {
  RunJournal kept;
  kept.retries_failed_ = options.retry_failed;
  kept.fsync_ = options.fsync.value_or(options.path.empty() ? Fsync::None : Fsync::Batch);
  if (options.path.empty()) {
    return kept;
  }
  auto journal = files::Journal::open(
      options.path, job,
      options.resume ? files::Journal::Opening::Resume : files::Journal::Opening::New);
  if (!journal) {
    return Unexpected(journal.error().path + ": " + journal.error().reason);
  }
  kept.journal_ = *std::move(journal);
  return kept;
}

std::optional<InputFate> RunJournal::fate_of(const std::string& identity) const {
  const auto fate = journal_ ? journal_->fate_of(identity) : std::nullopt;
  return fate == InputFate::Failed && retries_failed_ ? std::nullopt : fate;
}

Expected<void, FileError> RunJournal::note_done(const std::optional<std::string>& identity,
                                                const std::vector<std::string>& outputs) {
  if (fsync_ == Fsync::Batch) {
    for (const std::string& output : outputs) {
      disks_.add(output);
    }
  }
  return note(InputFate::Done, identity);
}

Expected<void, FileError> RunJournal::note_failed(const std::optional<std::string>& identity) {
  return note(InputFate::Failed, identity);
}

Expected<void, FileError> RunJournal::note(InputFate fate,
                                           const std::optional<std::string>& identity) {
  constexpr std::size_t kBatch = 1000;
  constexpr auto kLongest = std::chrono::seconds(1);
  if (journal_ && identity) {
    journal_->note({fate, *identity});
  }
  const auto now = Clock::now();
  first_pending_ = pending_ == 0 ? now : first_pending_;
  ++pending_;
  const bool is_due =
      fsync_ != Fsync::Batch || pending_ >= kBatch || now - first_pending_ >= kLongest;
  return is_due ? finish() : Expected<void, FileError>();
}

Expected<void, FileError> RunJournal::finish() {
  pending_ = 0;
  if (auto synced = disks_.sync(); !synced) {
    return synced;
  }
  if (!journal_) {
    return {};
  }
  if (auto written = journal_->write(); !written || fsync_ == Fsync::None) {
    return written;
  }
  return journal_->sync();
}

}  // namespace bulkhead::jobs
