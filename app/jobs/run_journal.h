#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <bulkhead/expected.h>

#include "files/file_error.h"
#include "files/journal.h"
#include "files/publish.h"
#include "files/written_disks.h"

namespace bulkhead::jobs {

/// When outputs are waited for to be on the disk.
enum class Fsync : std::uint8_t {
  None,   ///< never
  Batch,  ///< after a thousand inputs, or a second, together
  Each,   ///< one by one, before each has its name
};

/// The command line's part of it.
struct JournalOptions {
  std::string path = {};  ///< empty: none
  bool resume = false;
  bool retry_failed = false;  ///< inputs that failed are taken for such that were not tried
  std::optional<Fsync> fsync = {};
};

/// Keeps what became of each input of a run, in a journal if there is one: of what it says there
/// the outputs are as durable as asked.
class RunJournal {
 public:
  /// `job` as for files::Journal. Errors: a line for the user.
  static Expected<RunJournal, std::string> open(const JournalOptions& options,
                                                const std::string& job);

  /// How each output has to be published.
  files::Durability durability() const {
    return fsync_ == Fsync::Each ? files::Durability::PowerFailure : files::Durability::ProgramEnd;
  }

  /// What the journal says of an input that need not be tried again.
  std::optional<files::InputFate> fate_of(const std::string& identity) const;

  /// Whether there is a journal, for which inputs need an identity (files::identity_of).
  bool is_kept() const { return journal_.has_value(); }

  /// The outputs are published.
  Expected<void, files::FileError> note_done(const std::optional<std::string>& identity,
                                             const std::vector<std::string>& outputs);
  /// There are none, and will not be another time.
  Expected<void, files::FileError> note_failed(const std::optional<std::string>& identity);
  /// At the end, however it came: all that was noted is kept.
  Expected<void, files::FileError> finish();

 private:
  using Clock = std::chrono::steady_clock;

  Expected<void, files::FileError> note(files::InputFate fate,
                                        const std::optional<std::string>& identity);

  std::optional<files::Journal> journal_;
  bool retries_failed_ = false;
  Fsync fsync_ = Fsync::None;
  files::WrittenDisks disks_;
  std::size_t pending_ = 0;
  Clock::time_point first_pending_ = {};
};

}  // namespace bulkhead::jobs
