#include "os/shared_memory.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstring>
#include <string>

#include <gtest/gtest.h>

namespace bulkhead::os {
namespace {

using Access = RingMapping::Access;

const std::size_t kPage = page_size();

UniqueFd memory(std::size_t bytes) {
  auto fd = create_shared_memory("test", bytes);
  EXPECT_TRUE(fd.has_value());
  return std::move(*fd);
}

RingMapping map(const UniqueFd& fd, Access access) {
  auto mapping = RingMapping::map(fd.get(), kPage, kPage, access);
  EXPECT_TRUE(mapping.has_value());
  return std::move(*mapping);
}

/// mmap of one page, and what errno says if it is refused.
int map_error(int fd, int protection) {
  void* address = ::mmap(nullptr, kPage, protection, MAP_SHARED, fd, 0);
  if (address == MAP_FAILED) {
    return errno;
  }
  ::munmap(address, kPage);
  return 0;
}

TEST(SharedMemoryTest, IsZeroAndOfTheSizeAskedFor) {
  const auto fd = memory(2 * kPage);
  struct stat status {};
  ASSERT_EQ(::fstat(fd.get(), &status), 0);
  EXPECT_EQ(static_cast<std::size_t>(status.st_size), 2 * kPage);
  EXPECT_EQ(map(fd, Access::ReadOnly).body()[0], std::byte{0});
}

TEST(SharedMemoryTest, HasItsPagesFromTheStart) {
  const auto fd = memory(2 * kPage);
  struct stat status {};
  ASSERT_EQ(::fstat(fd.get(), &status), 0);
  EXPECT_GE(static_cast<std::size_t>(status.st_blocks) * 512, 2 * kPage);
}

TEST(SharedMemoryTest, IsClosedOnExec) {
  EXPECT_NE(::fcntl(memory(kPage).get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST(SharedMemoryTest, CannotShrinkOrGrow) {
  const auto fd = memory(2 * kPage);
  for (const std::size_t bytes : {std::size_t{0}, kPage, 3 * kPage}) {
    EXPECT_EQ(::ftruncate(fd.get(), static_cast<off_t>(bytes)), -1);
    EXPECT_EQ(errno, EPERM);
  }
}

TEST(SharedMemoryTest, ImpossibleSizeIsAnErrorThatNamesTheMemory) {
  const auto fd = create_shared_memory("odd", ~std::size_t{0});
  ASSERT_FALSE(fd.has_value());
  EXPECT_EQ(fd.error().attempt, "ftruncate odd");
}

struct SealedMemoryTest : testing::Test {
  void SetUp() override { ASSERT_TRUE(seal_against_writers(fd.get()).has_value()); }
  UniqueFd fd = memory(2 * kPage);
  RingMapping mapping = map(fd, Access::ReadWrite);
};

TEST_F(SealedMemoryTest, IsStillWrittenThroughTheMappingThatExists) {
  mapping.body()[3] = std::byte{7};
  EXPECT_EQ(map(fd, Access::ReadOnly).body()[3], std::byte{7});
}

TEST_F(SealedMemoryTest, CannotBeMappedForWriting) {
  EXPECT_EQ(map_error(fd.get(), PROT_READ | PROT_WRITE), EPERM);
  EXPECT_EQ(map_error(fd.get(), PROT_READ), 0);
  EXPECT_FALSE(RingMapping::map(fd.get(), kPage, kPage, Access::ReadWrite).has_value());
}

TEST_F(SealedMemoryTest, ReadOnlyMappingCannotBeMadeWritable) {
  const auto reader = map(fd, Access::ReadOnly);
  EXPECT_EQ(::mprotect(reader.header(), kPage, PROT_READ | PROT_WRITE), -1);
  EXPECT_EQ(errno, EACCES);
}

TEST_F(SealedMemoryTest, CannotBeMappedForWritingAfterItIsOpenedAnew) {
  const UniqueFd again(
      ::open(("/proc/self/fd/" + std::to_string(fd.get())).c_str(), O_RDWR | O_CLOEXEC));
  ASSERT_TRUE(again);
  EXPECT_EQ(map_error(again.get(), PROT_READ | PROT_WRITE), EPERM);
}

TEST_F(SealedMemoryTest, CannotBeWrittenThroughTheDescriptor) {
  EXPECT_EQ(::pwrite(fd.get(), "x", 1, 0), -1);
  EXPECT_EQ(errno, EPERM);
}

TEST_F(SealedMemoryTest, LosesNoPages) {
  EXPECT_EQ(::fallocate(fd.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
                        static_cast<off_t>(kPage)),
            -1);
  EXPECT_EQ(errno, EPERM);
}

TEST_F(SealedMemoryTest, TakesNoMoreSeals) {
  EXPECT_EQ(::fcntl(fd.get(), F_ADD_SEALS, F_SEAL_WRITE), -1);
  EXPECT_EQ(errno, EPERM);
}

TEST(RingMappingTest, BodyAppearsTwiceInARow) {
  const auto fd = memory(2 * kPage);
  const auto mapping = map(fd, Access::ReadWrite);
  // A record over the end of the body is one piece, and its rest lies at the beginning.
  std::memcpy(mapping.body() + kPage - 3, "abcdef", 6);
  EXPECT_EQ(std::memcmp(mapping.body() + kPage - 3, "abcdef", 6), 0);
  EXPECT_EQ(std::memcmp(mapping.body(), "def", 3), 0);
}

TEST(RingMappingTest, HeaderLiesBeforeTheBody) {
  const auto mapping = map(memory(2 * kPage), Access::ReadWrite);
  std::memset(mapping.header(), 1, kPage);
  EXPECT_EQ(mapping.body()[0], std::byte{0});
  EXPECT_EQ(static_cast<std::byte*>(mapping.header()) + kPage, mapping.body());
}

TEST(RingMappingTest, WhatIsMovedFromIsEmpty) {
  auto mapping = map(memory(2 * kPage), Access::ReadWrite);
  mapping.body()[0] = std::byte{5};
  RingMapping other(std::move(mapping));
  EXPECT_EQ(mapping.header(), nullptr);  // NOLINT(bugprone-use-after-move): that is the question
  mapping = std::move(other);
  EXPECT_EQ(mapping.body()[0], std::byte{5});
}

TEST(RingMappingTest, IsNotInheritedByFork) {
  const auto mapping = map(memory(2 * kPage), Access::ReadWrite);
  const pid_t child = ::fork();
  if (child == 0) {
    // msync(2) tells without a crash whether there is a mapping.
    const bool is_there = ::msync(mapping.header(), 3 * kPage, MS_ASYNC) == 0 || errno != ENOMEM;
    ::_exit(is_there ? 1 : 0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST(RingMappingTest, BadDescriptorIsAnError) {
  EXPECT_FALSE(RingMapping::map(-1, kPage, kPage, Access::ReadOnly).has_value());
}

}  // namespace
}  // namespace bulkhead::os
