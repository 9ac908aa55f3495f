#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <bulkhead/expected.h>

#include "files/pending_file.h"

namespace bulkhead::dataset {

/// No member's name may be longer (POSIX.1-2017, pax, "ustar Interchange Format"; the prefix is not
/// used).
inline constexpr std::size_t kMaxTarName = 100;
/// In bytes: what eleven octal digits can say.
inline constexpr std::uint64_t kMaxTarContent = (std::uint64_t{8} << 30U) - 1;

/// Writes an archive in the ustar format. The same members give the same bytes anywhere: each has
/// mode 0444, the owner 0 without a name, and the beginning of 1970.
class TarWriter {
 public:
  explicit TarWriter(files::PendingFile file);

  /// Errors, for people: a name of more than kMaxTarName bytes, a content of more than
  /// kMaxTarContent; nothing is written then.
  Expected<void, std::string> add(std::string_view name, std::span<const std::byte> content);

  /// So far, the archive's end included.
  std::uint64_t bytes() const;

  /// The last call. Errors: those of PendingFile::publish().
  Expected<void, files::FileError> publish();

 private:
  void write_padded(std::string_view content);

  files::PendingFile file_;
  std::uint64_t bytes_ = 0;
};

}  // namespace bulkhead::dataset
