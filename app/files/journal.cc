#include "files/journal.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

namespace bulkhead::files {
namespace {

constexpr mode_t kMode = 0666;
constexpr std::size_t kBlockBytes = 1 << 16;

// The lines of a file that are whole, one after the other.
class Lines {
 public:
  explicit Lines(int file) : file_(file) {}

  /// Without its end, valid until the next call; nothing at the end.
  std::optional<std::string_view> next() {
    for (;;) {
      const std::size_t end = buffer_.find('\n', searched_);
      if (end != std::string::npos) {
        const std::string_view line = std::string_view(buffer_).substr(begin_, end - begin_);
        begin_ = searched_ = end + 1;
        return line;
      }
      searched_ = buffer_.size();
      if (!read_more()) {
        return std::nullopt;
      }
    }
  }

  /// Where the line after the last one begins in the file.
  std::uint64_t position() const { return dropped_ + begin_; }

  /// errno of what went wrong; 0: nothing.
  int error() const { return error_; }

 private:
  bool read_more() {
    buffer_.erase(0, begin_);
    dropped_ += begin_;
    searched_ -= begin_;
    begin_ = 0;
    std::array<char, kBlockBytes> block{};
    ssize_t bytes = -1;
    do {
      bytes =
          ::pread(file_, block.data(), block.size(), static_cast<off_t>(dropped_ + buffer_.size()));
    } while (bytes < 0 && errno == EINTR);
    error_ = bytes < 0 ? errno : 0;
    buffer_.append(block.data(), bytes > 0 ? static_cast<std::size_t>(bytes) : 0);
    return bytes > 0;
  }

  int file_;
  std::string buffer_;
  std::size_t begin_ = 0;     // of the next line, in the buffer
  std::size_t searched_ = 0;  // so far, for its end
  std::uint64_t dropped_ = 0;
  int error_ = 0;
};

}  // namespace

Expected<Journal, FileError> Journal::open(const std::string& path, const std::string& job,
                                           Opening opening) {
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_APPEND, kMode));
  if (!file) {
    return Unexpected(FileError{path, reason_of(errno)});
  }
  Journal journal(path, std::move(file));
  if (auto locked = journal.lock(); !locked) {
    return Unexpected(journal.error(locked.error()));
  }
  if (auto begun = journal.begin(job, opening); !begun) {
    return Unexpected(journal.error(begun.error()));
  }
  return journal;
}

// For as long as the file is open, and no fork of this process: none inherits it.
Expected<void, std::string> Journal::lock() const {
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  if (::fcntl(file_.get(), F_OFD_SETLK, &whole) == 0) {
    return {};
  }
  return Unexpected(errno == EAGAIN || errno == EACCES ? "is in use by another run"
                                                       : reason_of(errno));
}

Expected<void, std::string> Journal::begin(const std::string& job, Opening opening) {
  struct stat status {};
  if (::fstat(file_.get(), &status) != 0) {
    return Unexpected(reason_of(errno));
  }
  if (!S_ISREG(status.st_mode)) {
    return Unexpected(std::string("is not a regular file"));
  }
  if (status.st_size == 0) {
    unwritten_ = format_journal_header(job);
    const auto written = write();
    return written ? Expected<void, std::string>() : Unexpected(written.error().reason);
  }
  if (opening == Opening::New) {
    return Unexpected(std::string("is there already; --resume goes on with it"));
  }
  return take_up(job);
}

Expected<void, std::string> Journal::take_up(const std::string& job) {
  Lines lines(file_.get());
  const auto first = lines.next();
  const auto header = first ? parse_journal_header(*first) : std::nullopt;
  if (!header) {
    return Unexpected(lines.error() != 0 ? reason_of(lines.error()) : std::string("is no journal"));
  }
  if (*header != job) {
    return Unexpected(std::string("is the journal of a run with other options"));
  }
  std::uint64_t end = lines.position();
  for (auto text = lines.next(); text; text = lines.next()) {
    const auto line = parse_journal_line(*text);
    if (!line) {
      break;
    }
    fates_[md5(line->identity)] = line->fate;
    end = lines.position();
  }
  if (lines.error() != 0) {
    return Unexpected(reason_of(lines.error()));
  }
  // What is appended must not stand behind half a line.
  return ::ftruncate(file_.get(), static_cast<off_t>(end)) == 0 ? Expected<void, std::string>()
                                                                : Unexpected(reason_of(errno));
}

std::optional<InputFate> Journal::fate_of(const std::string& identity) const {
  const auto found = fates_.find(md5(identity));
  return found == fates_.end() ? std::nullopt : std::optional(found->second);
}

void Journal::note(const JournalLine& line) {
  unwritten_ += format_journal_line(line);
}

Expected<void, FileError> Journal::write() {
  while (!unwritten_.empty()) {
    const ssize_t written = ::write(file_.get(), unwritten_.data(), unwritten_.size());
    if (written < 0 && errno != EINTR) {
      return Unexpected(FileError{path_, reason_of(errno)});
    }
    unwritten_.erase(0, written > 0 ? static_cast<std::size_t>(written) : 0);
  }
  return {};
}

Expected<void, FileError> Journal::sync() {
  if (::fdatasync(file_.get()) != 0) {
    return Unexpected(FileError{path_, reason_of(errno)});
  }
  return {};
}

std::size_t Journal::HashOfMd5::operator()(const Md5& md5) const noexcept {
  std::size_t hash = 0;
  std::memcpy(&hash, md5.data(), sizeof hash);
  return hash;
}

}  // namespace bulkhead::files
