#include "files/file_list.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <utility>

#include "files/descriptor.h"

namespace bulkhead::files {
namespace {

// Cuts the bytes of a list into names, as they come.
class NameSplitter {
 public:
  explicit NameSplitter(NameEnd end) : end_(static_cast<char>(end)) {}

  void add(std::string_view bytes) {
    for (std::size_t at = bytes.find(end_); at != std::string_view::npos; at = bytes.find(end_)) {
      name_ += bytes.substr(0, at);
      end_name();
      bytes.remove_prefix(at + 1);
    }
    name_ += bytes;
  }

  // The last name may lack its end.
  std::vector<std::string> names() && {
    end_name();
    return std::move(names_);
  }

 private:
  void end_name() {
    if (!name_.empty()) {
      names_.push_back(std::exchange(name_, {}));
    }
  }

  char end_;
  std::string name_;
  std::vector<std::string> names_;
};

// By read(2): a stream takes a standard input that cannot be read for an empty one.
Expected<std::vector<std::string>, FileError> names_in(int list, const std::string& path,
                                                       NameEnd end) {
  constexpr std::size_t kBufferBytes = 64 * 1024;
  std::vector<char> buffer(kBufferBytes);
  NameSplitter splitter(end);
  for (;;) {
    const ssize_t got = ::read(list, buffer.data(), buffer.size());
    if (got == 0) {
      return std::move(splitter).names();
    }
    if (got < 0 && errno != EINTR) {
      return Unexpected(FileError{path, reason_of(errno)});
    }
    splitter.add({buffer.data(), static_cast<std::size_t>(got > 0 ? got : 0)});
  }
}

}  // namespace

Expected<std::vector<std::string>, FileError> read_file_list(const std::string& path, NameEnd end) {
  if (path == "-") {
    return names_in(STDIN_FILENO, "standard input", end);
  }
  const Descriptor list(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!list) {
    return Unexpected(FileError{path, reason_of(errno)});
  }
  return names_in(list.get(), path, end);
}

}  // namespace bulkhead::files
