#include "jobs/command_line.h"

#include <string>

#include <gtest/gtest.h>

namespace bulkhead::jobs {
namespace {

std::uint64_t memory_of(const std::string& arguments, std::uint64_t usual) {
  CLI::App command;
  RunOptions options{.memory = usual};
  add_worker_memory(command, options);
  command.parse(arguments);
  return options.memory;
}

TEST(CommandLineTest, MemoryIsWhatTheJobSaysUnlessANumberIsGiven) {
  EXPECT_EQ(memory_of("", 5000), 5000U);
  EXPECT_EQ(memory_of("--memory auto", 5000), 5000U);
  EXPECT_EQ(memory_of("--memory 0", 5000), 0U);
  EXPECT_EQ(memory_of("--memory 2M", 5000), 2U << 20U);
  EXPECT_THROW(memory_of("--memory automatic", 5000), CLI::ParseError);
}

TEST(CommandLineTest, MemoryForPhotosIsLimited) {
  EXPECT_GT(photo_memory(), 64U << 20U);
  EXPECT_LE(photo_memory(), std::uint64_t{2} << 30U);
}

}  // namespace
}  // namespace bulkhead::jobs
