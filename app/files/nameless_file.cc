#include "files/nameless_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

namespace bulkhead::files {

Expected<NamelessFile, FileError> NamelessFile::create() {
  std::error_code error;
  std::string folder = std::filesystem::temp_directory_path(error).string();
  if (error) {
    return Unexpected(FileError{"TMPDIR", reason_of(error.value())});
  }
  constexpr mode_t kOwnerOnly = 0600;
  Descriptor file(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, kOwnerOnly));
  if (!file) {
    // The file system knows no files without a name (NFS, FAT, older overlays).
    std::string name = folder + "/bulkhead-XXXXXX";
    file = Descriptor(::mkostemp(name.data(), O_CLOEXEC));
    if (!file) {
      return Unexpected(FileError{std::move(folder), reason_of(errno)});
    }
    ::unlink(name.c_str());
  }
  return NamelessFile(std::move(file), std::move(folder));
}

NamelessFile::NamelessFile(Descriptor file, std::string folder)
    : file_(std::move(file)), folder_(std::move(folder)) {}

std::string NamelessFile::path_of(int descriptor) {
  return "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(descriptor);
}

Expected<void, FileError> NamelessFile::fill_from(int source, const std::string& name) {
  constexpr std::size_t kBlockBytes = std::size_t{256} << 10U;
  std::vector<char> block(kBlockBytes);
  for (;;) {
    const ssize_t got = ::read(source, block.data(), block.size());
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return Unexpected(FileError{name, reason_of(errno)});
    }
    if (got == 0) {
      return {};
    }
    if (auto written = write({block.data(), static_cast<std::size_t>(got)}); !written) {
      return written;
    }
  }
}

Expected<void, FileError> NamelessFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file_.get(), bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      return Unexpected(FileError{folder_, reason_of(errno)});
    }
  }
  return {};
}

}  // namespace bulkhead::files
