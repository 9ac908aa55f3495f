#include "logs/read_logs.h"

#include <cstdint>
#include <filesystem>

#include <gtest/gtest.h>

#include "files/temporary_folder.h"

namespace bulkhead::logs {
namespace {

TEST(ReadLogsTest, FormatIsLookedForInTheFirstPartOfAFileOnly) {
  files::TemporaryFolder folder;
  const std::string path = folder.write("a.log", "");
  // One line, and more than can be read in a test.
  std::filesystem::resize_file(path, std::uintmax_t{1} << 40U);
  constexpr std::uint64_t kPortion = std::uint64_t{1} << 20U;
  const LogReply reply =
      read_logs({.batch = {{.path = path, .begin = kPortion, .end = 2 * kPortion}}});
  ASSERT_EQ(reply.portions.size(), 1U);
  EXPECT_EQ(reply.portions[0].format, "");
  EXPECT_EQ(reply.portions[0].lines.in, 0U);
}

}  // namespace
}  // namespace bulkhead::logs
