#include "files/mark.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <ctime>
#include <tuple>

namespace bulkhead::files {
namespace {

// NTFS keeps times in steps of so many nanoseconds, other file systems in finer ones, or in such
// that are too coarse for any mark.
constexpr std::uint32_t kStep = 100;
constexpr std::uint32_t kMarks = 1'000'000'000 / kStep;

bool is_later(const timespec& one, const timespec& other) {
  return std::tie(one.tv_sec, one.tv_nsec) > std::tie(other.tv_sec, other.tv_nsec);
}

}  // namespace

Mark mark_of(std::string_view description) {
  // FNV-1a, 64 bits (Fowler, Noll, Vo)
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const char byte : description) {
    hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001B3;
  }
  return {static_cast<std::uint32_t>(hash % kMarks) * kStep};
}

void set_mark(int file, Mark mark) {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
  const timespec times[2] = {
      {.tv_sec = 0, .tv_nsec = UTIME_OMIT},
      {.tv_sec = now.tv_sec, .tv_nsec = static_cast<long>(mark.nanoseconds)}};
  static_cast<void>(::futimens(file, times));
}

bool has_mark(const std::string& path, Mark mark) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 &&
         status.st_mtim.tv_nsec == static_cast<long>(mark.nanoseconds);
}

bool is_up_to_date(const std::string& input, const std::string& output, Mark mark) {
  struct stat made {};
  struct stat source {};
  if (::stat(output.c_str(), &made) != 0 || ::stat(input.c_str(), &source) != 0) {
    return false;
  }
  // After a power failure a file may have its name and its times, and not its bytes.
  if (made.st_size == 0) {
    return false;
  }
  // To about a second, as the nanoseconds are no time. The times of status change have theirs, and
  // notice an older file that has taken the place of the input; but they change with permissions
  // too.
  return made.st_mtim.tv_nsec == static_cast<long>(mark.nanoseconds) &&
         made.st_mtim.tv_sec + 1 >= source.st_mtim.tv_sec && is_later(made.st_ctim, source.st_ctim);
}

std::optional<std::int64_t> modified(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    return std::nullopt;
  }
  return status.st_mtim.tv_sec;
}

std::optional<std::int64_t> changed(const std::string& path) {
  constexpr std::int64_t kNanoseconds = 1'000'000'000;
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    return std::nullopt;
  }
  return status.st_ctim.tv_sec * kNanoseconds + status.st_ctim.tv_nsec;
}

bool exists(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

}  // namespace bulkhead::files
