#include "files/read_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "files/descriptor.h"
#include "files/temporary_folder.h"

namespace bulkhead::files {
namespace {

class ReadFileTest : public testing::Test {
 protected:
  static std::string outcome(const std::string& path) {
    const auto bytes = read_file(path);
    if (!bytes) {
      return "error: " + bytes.error().reason;
    }
    return {reinterpret_cast<const char*>(bytes->data()), bytes->size()};
  }

  TemporaryFolder folder;
};

TEST_F(ReadFileTest, GivesTheBytes) {
  EXPECT_EQ(outcome(folder.write("a.jpg", std::string_view("a\0b", 3))), std::string("a\0b", 3));
}

TEST_F(ReadFileTest, EmptyFileIsNoError) {
  EXPECT_EQ(outcome(folder.write("a.jpg", "")), "");
}

TEST_F(ReadFileTest, MissingFileIsNamedSo) {
  EXPECT_EQ(outcome(folder / "a.jpg"), "error: no such file or directory");
}

TEST_F(ReadFileTest, FolderAndFifoAndDeviceAreRefusedWithoutBlocking) {
  ASSERT_EQ(::mkfifo((folder / "pipe.jpg").c_str(), 0600), 0);
  EXPECT_EQ(outcome(folder.path()), "error: is a folder");
  EXPECT_EQ(outcome(folder / "pipe.jpg"), "error: is not a regular file");
  EXPECT_EQ(outcome("/dev/null"), "error: is not a regular file");
}

TEST_F(ReadFileTest, FileThatClaimsToBeHugeIsRefusedBeforeMemoryIsTaken) {
  folder.write("a.jpg");
  std::filesystem::resize_file(folder / "a.jpg", kMaxFileBytes + 1);
  EXPECT_EQ(outcome(folder / "a.jpg"), "error: is larger than 1 GiB");
}

TEST_F(ReadFileTest, FileThatSaysNothingOfItsLengthIsReadAsFarAsItSays) {
  // Files of /proc are regular and claim no bytes: the size is believed, never exceeded.
  EXPECT_EQ(outcome("/proc/self/status"), "");
}

TEST_F(ReadFileTest, UnreadableFileIsNamedSo) {
  const OrdinaryUser user;
  const TemporaryFolder own;
  ASSERT_EQ(::chmod(own.write("a.jpg").c_str(), 0), 0);
  EXPECT_EQ(outcome(own / "a.jpg"), "error: permission denied");
}

TEST_F(ReadFileTest, StreamIsReadToItsEndAndNoFurtherThanAsked) {
  constexpr std::size_t kBytes = 3'000'000;
  const std::string path = folder.write("stream", std::string(kBytes, 'x'));
  for (const std::size_t most : {std::size_t{1}, kBytes - 1, kBytes, kBytes + 1}) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    EXPECT_EQ(read_stream(file.get(), path, most).value().size(), std::min(most, kBytes)) << most;
  }
  EXPECT_EQ(read_stream(-1, "nothing", 1).error().reason, "bad file descriptor");
}

}  // namespace
}  // namespace bulkhead::files
