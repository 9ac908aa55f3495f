#include "files/file_id.h"

#include <fcntl.h>
#include <sys/stat.h>

namespace bulkhead::files {

std::optional<FileId> id_of(const std::string& path, LastLink last_link) {
  struct stat status {};
  const int flags = last_link == LastLink::Stay ? AT_SYMLINK_NOFOLLOW : 0;
  if (::fstatat(AT_FDCWD, path.c_str(), &status, flags) != 0) {
    return std::nullopt;
  }
  return FileId{status.st_dev, status.st_ino};
}

}  // namespace bulkhead::files
