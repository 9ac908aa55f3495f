#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <bulkhead/expected.h>

#include "files/pending_file.h"

namespace bulkhead::jobs {

/// A record, or a whole file, that could not be used.
struct Reject {
  std::string_view file = {};
  std::string_view unit = "line";            ///< what `number` counts: line, record
  std::optional<std::uint64_t> number = {};  ///< from 1; nothing: the whole file
  std::optional<std::uint64_t> offset = {};  ///< in bytes
  std::string_view status = {};  ///< what became of it, where that may be one of several
  std::string_view reason = {};
  std::optional<std::string_view> raw = {};
};

/// The file of --rejects: one JSON object a line, its name given when it is complete.
class RejectsFile {
 public:
  /// Without a path nothing is written. Errors: a line for the user.
  static Expected<RejectsFile, std::string> create(const std::string& path);

  bool is_wanted() const { return file_.has_value(); }
  void add(const Reject& reject);
  /// The last call. Errors: a line for the user.
  Expected<void, std::string> publish();

 private:
  std::optional<files::PendingFile> file_;
};

}  // namespace bulkhead::jobs
