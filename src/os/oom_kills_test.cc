#include "os/oom_kills.h"

#include <unistd.h>

#include <fstream>
#include <string>

#include <gtest/gtest.h>

namespace bulkhead::os {
namespace {

namespace fs = std::filesystem;

/// A made-up tree of control groups.
struct OomKillsTest : testing::Test {
  OomKillsTest() { fs::create_directories(root); }
  ~OomKillsTest() override { fs::remove_all(folder); }

  void write(const fs::path& file, const std::string& text) const {
    fs::create_directories((root / file).parent_path());
    std::ofstream(root / file) << text;
  }
  OomKills kills_of(const std::string& groups) const {
    std::ofstream(folder / "self") << groups;
    return OomKills(root, folder / "self");
  }

  fs::path folder = fs::path(testing::TempDir()) / ("bulkhead_oom_" + std::to_string(::getpid()));
  fs::path root = folder / "mount";
};

TEST_F(OomKillsTest, WithoutControlGroupsNothingIsTold) {
  EXPECT_EQ(OomKills(folder / "absent", folder / "absent").count(), std::nullopt);
  EXPECT_EQ(kills_of("0::/\n").count(), std::nullopt);
}

TEST_F(OomKillsTest, Version2CountsInTheEventsOfTheGroup) {
  write("app/memory.events", "low 0\nhigh 4\nmax 31\noom 3\noom_kill 2\noom_group_kill 1\n");
  write("memory.events", "oom_kill 9\n");
  EXPECT_EQ(kills_of("0::/app\n").count(), 2U);
}

TEST_F(OomKillsTest, Version1CountsInItsMemoryHierarchy) {
  write("memory/app/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 5\n");
  EXPECT_EQ(kills_of("5:cpu,cpuacct:/app\n4:memory:/app\n0::/\n").count(), 5U);
}

TEST_F(OomKillsTest, GroupThatIsMountedAsTheRootIsFound) {
  write("memory.events", "oom 1\noom_kill 1\n");
  EXPECT_EQ(kills_of("0::/docker/4711\n").count(), 1U);
}

TEST_F(OomKillsTest, EachLookCountsAnew) {
  write("app/memory.events", "oom_kill 0\n");
  const OomKills kills = kills_of("0::/app\n");
  EXPECT_EQ(kills.count(), 0U);
  std::ofstream(root / "app/memory.events") << "oom_kill 1\n";
  EXPECT_EQ(kills.count(), 1U);
}

TEST_F(OomKillsTest, GarbageIsNoNumber) {
  for (const char* text :
       {"", "oom_kill", "oom_kill \n", "oom_kill x\n", "oom_killer 3\n", "\n\n"}) {
    write("app/memory.events", text);
    EXPECT_EQ(kills_of("0::/app\n").count(), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace bulkhead::os
