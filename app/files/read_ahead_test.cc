#include "files/read_ahead.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "files/descriptor.h"
#include "files/temporary_folder.h"

namespace bulkhead::files {
namespace {

constexpr std::size_t kBytes = std::size_t{1} << 20U;

// Pages of a file that lie in the system's cache.
std::size_t cached_pages(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  void* const mapped = ::mmap(nullptr, kBytes, PROT_READ, MAP_SHARED, file.get(), 0);
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  std::vector<unsigned char> pages(kBytes / page);
  ::mincore(mapped, kBytes, pages.data());
  ::munmap(mapped, kBytes);
  std::size_t cached = 0;
  for (const unsigned char one : pages) {
    cached += one & 1U;
  }
  return cached;
}

// Writes a file and has the system forget its content; some file systems keep it all the same.
std::string cold_file(const TemporaryFolder& folder) {
  const std::string path = folder.write("cold", std::string(kBytes, 'x'));
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  ::fsync(file.get());
  ::posix_fadvise(file.get(), 0, 0, POSIX_FADV_DONTNEED);
  return path;
}

TEST(ReadAheadTest, AnnouncedFileLiesInTheCacheSoon) {
  const TemporaryFolder folder;
  const std::string path = cold_file(folder);
  if (cached_pages(path) != 0) {
    GTEST_SKIP() << "this file system keeps files in memory";
  }
  ReadAhead ahead;
  ahead.announce({path});
  while (cached_pages(path) == 0) {
    std::this_thread::yield();  // Until the test's own time limit.
  }
}

TEST(ReadAheadTest, WhatIsNoFileHoldsNothingUp) {
  const TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  ReadAhead ahead;
  ahead.announce({folder / "gone", folder / "pipe", folder.path()});
}

}  // namespace
}  // namespace bulkhead::files
