#include "files/naming.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <utility>

namespace bulkhead::files {
namespace {

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

}  // namespace

Errno errno_unless(bool succeeded) {
  return succeeded ? 0 : errno;
}

Expected<Place, Errno> open_place(const std::string& path, mode_t folder_mode) {
  constexpr int kFlags = O_PATH | O_DIRECTORY | O_CLOEXEC;
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "./" : path.substr(0, slash + 1);
  Descriptor opened(::open(folder.c_str(), kFlags));
  if (!opened && errno == ENOENT) {
    if (const Errno failed = make_folders(folder, folder_mode)) {
      return Unexpected(failed);
    }
    opened = Descriptor(::open(folder.c_str(), kFlags));
  }
  if (!opened) {
    return Unexpected(Errno{errno});
  }
  return Place{std::move(opened), path.substr(slash + 1)};
}

std::string temporary_name() {
  std::uint64_t number = 0;
  if (::getrandom(&number, sizeof number, GRND_NONBLOCK) != sizeof number) {
    number = static_cast<std::uint64_t>(::getpid());
  }
  std::array<char, 32> name{};
  std::snprintf(name.data(), name.size(), ".bh-%016llx", static_cast<unsigned long long>(number));
  return name.data();
}

Errno refuse_what_is_no_file(int folder, const std::string& name) {
  struct stat status {};
  if (::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    return errno == ENOENT ? 0 : errno;
  }
  if (S_ISDIR(status.st_mode)) {
    return EISDIR;
  }
  return S_ISREG(status.st_mode) || S_ISLNK(status.st_mode) ? 0 : EEXIST;
}

Errno give_name(int unnamed, int folder, const std::string& name) {
  Errno failed = link_as(unnamed, folder, name);
  if (failed != EEXIST) {
    return failed;
  }
  // A link never replaces (linkat(2)), a rename does.
  const std::string temporary = temporary_name();
  failed = link_as(unnamed, folder, temporary);
  return failed != 0 ? failed : replace_by(temporary, folder, name);
}

Errno link_as(int unnamed, int folder, const std::string& name) {
  // The way that needs no privilege (open(2), O_TMPFILE).
  const std::string through_proc = "/proc/self/fd/" + std::to_string(unnamed);
  return errno_unless(
      ::linkat(AT_FDCWD, through_proc.c_str(), folder, name.c_str(), AT_SYMLINK_FOLLOW) == 0);
}

Errno replace_by(const std::string& temporary, int folder, const std::string& name) {
  const Errno failed =
      errno_unless(::renameat(folder, temporary.c_str(), folder, name.c_str()) == 0);
  if (failed != 0) {
    ::unlinkat(folder, temporary.c_str(), 0);
  }
  return failed;
}

}  // namespace bulkhead::files
