// Files that the program opens and tasks read.

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <ranges>
#include <string>
#include <vector>

#include "pool_test.h"

namespace bulkhead {
namespace {

std::string content_of(const OpenFile& file) {
  std::array<char, 64> text{};
  const auto length = ::pread(file.descriptor(), text.data(), text.size(), 0);
  return {text.data(), static_cast<std::size_t>(std::max<::ssize_t>(length, 0))};
}
int errno_of_write(const OpenFile& file) {
  return ::pwrite(file.descriptor(), "x", 1, 0) < 0 ? errno : 0;
}
bool is_file(const OpenFile& file) {
  return static_cast<bool>(file);
}
OpenFile same_file(OpenFile file) {
  return file;
}
int die_then_count(const OpenFile& file) {
  if (this_task::attempt() == 1) {
    ::raise(SIGKILL);
  }
  return static_cast<int>(content_of(file).size());
}
std::size_t descriptors_here(int) {
  std::size_t count = 0;
  for (int fd = 0; fd < 1024; ++fd) {
    count += ::fcntl(fd, F_GETFD) >= 0 ? 1 : 0;
  }
  return count;
}

class PoolOpenFile : public PoolTest {
 protected:
  /// A file with this content, without a name.
  static OpenFile file(const std::string& content) {
    const std::string path = testing::TempDir() + "open-file-" + std::to_string(::getpid());
    std::ofstream(path) << content;
    OpenFile opened(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    ::unlink(path.c_str());
    return opened;
  }
};
INSTANTIATE_TEST_SUITE_P(Pools, PoolOpenFile, two_pools(), name_of_kind);

TEST_P(PoolOpenFile, IsReadByAnyWorkerThoughItHasNoName) {
  ProcessPoolExecutor executor(options());
  const OpenFile opened = file("bytes");
  EXPECT_EQ(executor.submit(content_of, opened).get(), "bytes");
  EXPECT_EQ(executor.submit(content_of, opened).get(), "bytes");
}

TEST_P(PoolOpenFile, IsReadWhereNothingCanBeOpened) {
  PoolOptions strict = options();
  strict.sandbox = Sandbox::Strict;
#if defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "ThreadSanitizer's own thread would not be locked in";
#endif
  if (!available_isolation(Sandbox::Strict).is_complete()) {
    GTEST_SKIP() << available_isolation(Sandbox::Strict).missing();
  }
  ProcessPoolExecutor executor(strict);
  EXPECT_EQ(executor.submit(content_of, file("bytes")).get(), "bytes");
}

TEST_P(PoolOpenFile, OpenedForReadingIsNotWritten) {
  ProcessPoolExecutor executor(options());
  EXPECT_EQ(executor.submit(errno_of_write, file("bytes")).get(), EBADF);
}

TEST_P(PoolOpenFile, CanBeNone) {
  ProcessPoolExecutor executor(options());
  EXPECT_FALSE(executor.submit(is_file, OpenFile()).get());
  EXPECT_FALSE(executor.submit(is_file, OpenFile(-1)).get());
}

TEST_P(PoolOpenFile, ComesBackAsTheSame) {
  ProcessPoolExecutor executor(options());
  const OpenFile opened = file("bytes");
  EXPECT_EQ(executor.submit(same_file, opened).get().descriptor(), opened.descriptor());
}

TEST_P(PoolOpenFile, TravelsWithTheTaskWhenThatIsRetried) {
  ProcessPoolExecutor executor(options());
  EXPECT_EQ(executor.submit({.retries = 1}, die_then_count, file("bytes")).get(), 5);
}

TEST_P(PoolOpenFile, OfEachItemOfAMapIsItsOwn) {
  ProcessPoolExecutor executor(options());
  auto files = std::views::iota(0, 300) |
               std::views::transform([](int i) { return file(std::to_string(i)); });
  int next = 0;
  for (const std::string& content : executor.map({.buffersize = 50}, content_of, files)) {
    EXPECT_EQ(content, std::to_string(next++));
  }
  EXPECT_EQ(next, 300);
}

TEST_P(PoolOpenFile, IsClosedEverywhereWhenNobodyHasIt) {
  PoolOptions one = options();
  one.max_workers = 1;
  ProcessPoolExecutor executor(one);
  const std::size_t before = executor.submit(descriptors_here, 0).get();
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(executor.submit(content_of, file("bytes")).get(), "bytes");
  }
  const std::size_t here = descriptors_here(0);
  executor.submit(descriptors_here, 0).get();  // Tells the worker what is gone.
  EXPECT_LE(executor.submit(descriptors_here, 0).get(), before);
  EXPECT_EQ(descriptors_here(0), here);
}

TEST_P(PoolOpenFile, IsNoSharedValueAndNoneIsAFile) {
  const OpenFile opened = file("bytes");
  Bytes encoded;
  Encoder out(encoded);
  const detail::ReferencesApart apart;
  out(opened);
  Decoder as_text(encoded);
  EXPECT_THROW((void)detail::decode<Shared<std::string>>(as_text), SerializationError);

  const Shared<std::string> shared(std::string("bytes"));
  Bytes encoded_text;
  Encoder out_text(encoded_text);
  out_text(shared);
  Decoder as_file(encoded_text);
  EXPECT_THROW((void)detail::decode<OpenFile>(as_file), SerializationError);
}

}  // namespace
}  // namespace bulkhead
