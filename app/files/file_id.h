#pragma once

#include <sys/types.h>

#include <compare>
#include <optional>
#include <string>

namespace bulkhead::files {

/// What a file is, whatever it is called: the same for two paths that lead to it through links,
/// mounts, or other spellings on a disk that takes "A" for "a".
struct FileId {
  dev_t device;
  ino_t inode;

  friend auto operator<=>(const FileId&, const FileId&) = default;
};

/// Whether the last part of a path is followed when it is a link.
enum class LastLink { Stay, Follow };

/// The id of what is at `path`; nothing when there is none, or when it cannot be looked at.
std::optional<FileId> id_of(const std::string& path, LastLink last_link);

}  // namespace bulkhead::files
