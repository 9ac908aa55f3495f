#include "files/written_disks.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace bulkhead::files {
namespace {

std::string folder_of(const std::string& file) {
  const std::size_t slash = file.rfind('/');
  return slash == std::string::npos ? "." : file.substr(0, slash + 1);
}

}  // namespace

void WrittenDisks::add(const std::string& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0 || disks_.contains(status.st_dev)) {
    return;
  }
  Descriptor folder(::open(folder_of(file).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder) {
    disks_.try_emplace(status.st_dev, Disk{file, std::move(folder)});
  }
}

Expected<void, FileError> WrittenDisks::sync() {
  for (const auto& [device, disk] : std::exchange(disks_, {})) {
    if (::syncfs(disk.folder.get()) != 0) {
      return Unexpected(FileError{disk.file, reason_of(errno)});
    }
  }
  return {};
}

}  // namespace bulkhead::files
