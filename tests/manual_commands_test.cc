// The commands that docs/manual.md shows print what it says that they print.

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "files/temporary_folder.h"
#include "running_program.h"

namespace bulkhead::tests {
namespace {

// One command, and the lines below it.
struct Shown {
  std::string command = {};
  std::string output = {};
};

// All of the blocks that are marked as console.
std::vector<Shown> commands_in(const std::string& path) {
  std::vector<Shown> commands;
  std::ifstream manual(path);
  bool is_in_block = false;
  for (std::string line; std::getline(manual, line);) {
    if (line.starts_with("```")) {
      is_in_block = line == "```console";
    } else if (is_in_block && line.starts_with("$ ")) {
      commands.push_back({.command = line.substr(2)});
    } else if (is_in_block && !commands.empty()) {
      commands.back().output += line + "\n";
    }
  }
  return commands;
}

TEST(ManualCommandsTest, PrintWhatTheManualSays) {
  const files::TemporaryFolder folder;
  const auto commands = commands_in(BULKHEAD_MANUAL);
  ASSERT_FALSE(commands.empty());
  for (const auto& [command, output] : commands) {
    if (command.starts_with("cat ")) {
      folder.write(command.substr(4), output);
      continue;
    }
    ASSERT_TRUE(command.starts_with("bulkhead ")) << command;
    const std::string program = BULKHEAD_PROGRAM + command.substr(8);
    const Ended ended = run_program({"/bin/sh", "-c", program}, folder.path());
    EXPECT_EQ(ended.out, output) << command << '\n' << ended.err;
  }
}

}  // namespace
}  // namespace bulkhead::tests
