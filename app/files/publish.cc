#include "files/publish.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <utility>

#include "files/descriptor.h"
#include "files/naming.h"

namespace bulkhead::files {
namespace {

// Less the umask, like any program's files and folders.
constexpr mode_t kFileMode = 0666;
constexpr mode_t kOwnersFileMode = 0600;
constexpr mode_t kFolderMode = 0777;
constexpr mode_t kOwnersFolderMode = 0700;

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
        durability_(options.durability),
        mode_(options.access == Access::OwnerOnly ? kOwnersFileMode : kFileMode) {}

  Errno run(std::span<const std::byte> bytes) {
    if (Errno refused = refuse_what_is_no_file(folder_, name_)) {
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
    if (Errno failed = make_durable(unnamed.get())) {
      return failed;
    }
    const Errno failed = give_name(unnamed.get(), folder_, name_);
    // Where /proc is not mounted a file without a name cannot get one.
    return failed == ENOENT ? through_temporary_file(bytes) : failed != 0 ? failed : keep_name();
  }

 private:
  // Before it has its name, so that the name is never that of less.
  Errno make_durable(int file) const {
    return errno_unless(durability_ == Durability::ProgramEnd || ::fdatasync(file) == 0);
  }

  Errno keep_name() const {
    if (durability_ == Durability::ProgramEnd) {
      return 0;
    }
    // folder_ is only a path, and no open file (open(2), O_PATH).
    const Descriptor folder(::openat(folder_, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return errno_unless(folder && ::fsync(folder.get()) == 0);
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
    failed = failed != 0 ? failed : make_durable(file.get());
    const Errno not_closed = close_checked(std::move(file));
    failed = failed != 0 ? failed : not_closed;
    if (failed != 0) {
      ::unlinkat(folder_, temporary.c_str(), 0);
      return failed;
    }
    failed = replace_by(temporary, folder_, name_);
    return failed != 0 ? failed : keep_name();
  }

  int folder_;
  std::string name_;
  Mark mark_;
  Durability durability_;
  mode_t mode_;
};

}  // namespace

Expected<void, FileError> publish(const std::string& path, std::span<const std::byte> bytes,
                                  const PublishOptions& options) {
  const auto place =
      open_place(path, options.access == Access::OwnerOnly ? kOwnersFolderMode : kFolderMode);
  if (!place) {
    return Unexpected(FileError{path, reason_of(place.error()), place.error()});
  }
  const Errno failed = Publication(place->folder.get(), place->name, options).run(bytes);
  if (failed != 0) {
    return Unexpected(FileError{path, reason_of(failed), failed});
  }
  return {};
}

}  // namespace bulkhead::files
