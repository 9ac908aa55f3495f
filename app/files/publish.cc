#include "files/publish.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <string_view>
#include <utility>

#include "files/descriptor.h"

namespace bulkhead::files {
namespace {

// 0 for success, else an errno. The steps below have the same path to name in their errors; it is
// added once, at the door.
using Errno = int;

// Less the umask, like any program's files and folders.
constexpr mode_t kFileMode = 0666;
constexpr mode_t kOwnersFileMode = 0600;
constexpr mode_t kFolderMode = 0777;
constexpr mode_t kOwnersFolderMode = 0700;

Errno errno_unless(bool succeeded) {
  return succeeded ? 0 : errno;
}

// Short, so that it fits where the final name fits; hidden, and no photo's name.
std::string temporary_name() {
  std::uint64_t number = 0;
  if (::getrandom(&number, sizeof number, GRND_NONBLOCK) != sizeof number) {
    number = static_cast<std::uint64_t>(::getpid());
  }
  std::array<char, 32> name{};
  std::snprintf(name.data(), name.size(), ".bh-%016llx", static_cast<unsigned long long>(number));
  return name.data();
}

Errno write_all(int file, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) {
      return errno;
    }
    bytes = bytes.subspan(written > 0 ? static_cast<std::size_t>(written) : 0);
  }
  return 0;
}

// Some file systems report a full disk or quota only here (close(2)).
Errno close_checked(Descriptor file) {
  return errno_unless(::close(file.release()) == 0);
}

// Publishing into one folder, which stays the same one even if it is renamed meanwhile.
class Publication {
 public:
  Publication(int folder, std::string name, const PublishOptions& options)
      : folder_(folder),
        name_(std::move(name)),
        mark_(options.mark),
        mode_(options.access == Access::OwnerOnly ? kOwnersFileMode : kFileMode) {}

  Errno run(std::span<const std::byte> bytes) {
    if (Errno refused = refuse_what_is_no_file()) {
      return refused;
    }
    Descriptor unnamed(::openat(folder_, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, mode_));
    if (!unnamed) {
      return through_temporary_file(bytes);
    }
    if (Errno failed = write_all(unnamed.get(), bytes)) {
      return failed;
    }
    set_mark(unnamed.get(), mark_);
    const Errno failed = give_name(unnamed.get());
    // Where /proc is not mounted a file without a name cannot get one.
    return failed == ENOENT ? through_temporary_file(bytes) : failed;
  }

 private:
  // Rename would quietly replace a device or a socket.
  Errno refuse_what_is_no_file() {
    struct stat status {};
    if (::fstatat(folder_, name_.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
      return errno == ENOENT ? 0 : errno;
    }
    if (S_ISDIR(status.st_mode)) {
      return EISDIR;
    }
    return S_ISREG(status.st_mode) || S_ISLNK(status.st_mode) ? 0 : EEXIST;
  }

  Errno give_name(int unnamed) {
    Errno failed = link_as(unnamed, name_);
    if (failed != EEXIST) {
      return failed;
    }
    // A link never replaces (linkat(2)), a rename does.
    const std::string temporary = temporary_name();
    failed = link_as(unnamed, temporary);
    return failed != 0 ? failed : replace_by(temporary);
  }

  Errno link_as(int unnamed, const std::string& name) const {
    // The way that needs no privilege (open(2), O_TMPFILE).
    const std::string through_proc = "/proc/self/fd/" + std::to_string(unnamed);
    return errno_unless(
        ::linkat(AT_FDCWD, through_proc.c_str(), folder_, name.c_str(), AT_SYMLINK_FOLLOW) == 0);
  }

  // For file systems without O_TMPFILE (NFS, FAT, older overlays).
  Errno through_temporary_file(std::span<const std::byte> bytes) {
    const std::string temporary = temporary_name();
    Descriptor file(
        ::openat(folder_, temporary.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode_));
    if (!file) {
      return errno;
    }
    Errno failed = write_all(file.get(), bytes);
    set_mark(file.get(), mark_);
    const Errno not_closed = close_checked(std::move(file));
    failed = failed != 0 ? failed : not_closed;
    if (failed != 0) {
      ::unlinkat(folder_, temporary.c_str(), 0);
      return failed;
    }
    return replace_by(temporary);
  }

  Errno replace_by(const std::string& temporary) {
    const Errno failed =
        errno_unless(::renameat(folder_, temporary.c_str(), folder_, name_.c_str()) == 0);
    if (failed != 0) {
      ::unlinkat(folder_, temporary.c_str(), 0);
    }
    return failed;
  }

  int folder_;
  std::string name_;
  Mark mark_;
  mode_t mode_;
};

// Makes what is missing of a folder's path, which ends in a slash.
Errno make_folders(const std::string& folder, mode_t mode) {
  for (std::size_t end = folder.find('/', 1); end != std::string::npos;
       end = folder.find('/', end + 1)) {
    if (::mkdir(folder.substr(0, end).c_str(), mode) != 0 && errno != EEXIST && errno != EROFS) {
      return errno;
    }
  }
  return 0;
}

Expected<Descriptor, Errno> open_folder(const std::string& folder, Access access) {
  constexpr int kFlags = O_PATH | O_DIRECTORY | O_CLOEXEC;
  Descriptor opened(::open(folder.c_str(), kFlags));
  if (!opened && errno == ENOENT) {
    const mode_t mode = access == Access::OwnerOnly ? kOwnersFolderMode : kFolderMode;
    if (const Errno failed = make_folders(folder, mode)) {
      return Unexpected(failed);
    }
    opened = Descriptor(::open(folder.c_str(), kFlags));
  }
  if (!opened) {
    return Unexpected(Errno{errno});
  }
  return opened;
}

}  // namespace

Expected<void, FileError> publish(const std::string& path, std::span<const std::byte> bytes,
                                  const PublishOptions& options) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "./" : path.substr(0, slash + 1);
  const auto opened = open_folder(folder, options.access);
  if (!opened) {
    return Unexpected(FileError{path, reason_of(opened.error())});
  }
  const Errno failed = Publication(opened->get(), path.substr(slash + 1), options).run(bytes);
  if (failed != 0) {
    return Unexpected(FileError{path, reason_of(failed)});
  }
  return {};
}

}  // namespace bulkhead::files
