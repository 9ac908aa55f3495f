#include "files/nameless_file.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "files/temporary_folder.h"

namespace bulkhead::files {
namespace {

class NamelessFileTest : public testing::Test {
 protected:
  NamelessFileTest() { ::setenv("TMPDIR", folder_.path().c_str(), 1); }
  ~NamelessFileTest() override { ::unsetenv("TMPDIR"); }

  TemporaryFolder folder_;
};

std::string content_of(const std::string& path) {
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

TEST_F(NamelessFileTest, HoldsAllThatAPipeBrings) {
  const std::string all(1'000'000, 'x');
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const Descriptor source(ends[0]);
  const std::jthread writer([&] {
    const Descriptor end(ends[1]);
    EXPECT_EQ(::write(end.get(), all.data(), all.size()), static_cast<ssize_t>(all.size()));
  });
  auto file = NamelessFile::create();
  ASSERT_TRUE(file.has_value());
  EXPECT_TRUE(file->fill_from(source.get(), "-").has_value());
  EXPECT_TRUE(content_of(file->path()) == all);
  EXPECT_EQ(folder_.count(), 0U);
}

TEST_F(NamelessFileTest, FolderThatIsNotThereIsNamed) {
  ::setenv("TMPDIR", (folder_ / "missing").c_str(), 1);
  const auto file = NamelessFile::create();
  ASSERT_FALSE(file.has_value());
  EXPECT_EQ(file.error().path, "TMPDIR");
}

TEST_F(NamelessFileTest, WhatCannotBeReadIsNamed) {
  auto file = NamelessFile::create();
  ASSERT_TRUE(file.has_value());
  const Descriptor closed;
  const auto filled = file->fill_from(closed.get(), "-");
  ASSERT_FALSE(filled.has_value());
  EXPECT_EQ(filled.error().path, "-");
  EXPECT_EQ(filled.error().reason, "bad file descriptor");
}

TEST_F(NamelessFileTest, FolderWithoutRoomIsNamed) {
  const std::string source = folder_.write("source", std::string(5000, 'x'));
  const pid_t child = ::fork();
  if (child == 0) {
    const struct rlimit limit { 1000, 1000 };
    ::setrlimit(RLIMIT_FSIZE, &limit);
    ::signal(SIGXFSZ, SIG_IGN);
    const Descriptor opened(::open(source.c_str(), O_RDONLY | O_CLOEXEC));
    auto file = NamelessFile::create();
    const auto filled = file->fill_from(opened.get(), "-");
    ::_exit(!filled && filled.error().path == folder_.path() ? 0 : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace bulkhead::files
