#include "os/landlock.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "os/privileges.h"
#include "os/test_child.h"

namespace bulkhead::os {
namespace {

namespace fs = std::filesystem;
using test::error_of;
using test::result_of;

class LandlockTest : public testing::Test {
 protected:
  void SetUp() override {
    if (landlock_version() == 0) {
      GTEST_SKIP() << "this kernel has no Landlock";
    }
    fs::create_directories(folder_ / "in");
    fs::create_directories(folder_ / "out");
    std::ofstream(folder_ / "in" / "photo") << "bytes";
    std::ofstream(folder_ / "secret") << "bytes";
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  FileAccess access() const { return {.readable = {path("in")}, .writable = {path("out")}}; }

  /// The result of an action of a process that may only read in/ and write in out/.
  template <class Action>
  int restricted(Action action) const {
    return result_of([&] {
      return forbid_new_privileges() && restrict_access(access()) ? action() : test::kNotReady;
    });
  }
  int errno_of_open(const std::string& name, int flags) const {
    return restricted([&] { return error_of(::open(path(name).c_str(), flags, 0600)); });
  }

 private:
  const fs::path folder_ =
      fs::path(testing::TempDir()) / ("landlock-" + std::to_string(::getpid()));
};

TEST_F(LandlockTest, OpensWhatMayBeRead) {
  EXPECT_EQ(errno_of_open("in/photo", O_RDONLY), 0);
}

TEST_F(LandlockTest, DoesNotWriteWhereItMayRead) {
  EXPECT_EQ(errno_of_open("in/photo", O_WRONLY), EACCES);
  EXPECT_EQ(errno_of_open("in/new", O_WRONLY | O_CREAT), EACCES);
}

TEST_F(LandlockTest, MakesAndRemovesFilesWhereItMayWrite) {
  EXPECT_EQ(errno_of_open("out/new", O_RDWR | O_CREAT), 0);
  EXPECT_EQ(restricted([&] { return error_of(::unlink(path("out/new").c_str())); }), 0);
}

TEST_F(LandlockTest, OpensNothingElse) {
  EXPECT_EQ(errno_of_open("secret", O_RDONLY), EACCES);
  EXPECT_EQ(restricted([] { return error_of(::open("/etc/passwd", O_RDONLY)); }), EACCES);
}

TEST_F(LandlockTest, FollowsNoLinkOutOfWhatMayBeRead) {
  fs::create_symlink(path("secret"), path("in/link"));
  EXPECT_EQ(errno_of_open("in/link", O_RDONLY), EACCES);
}

TEST_F(LandlockTest, ExecutesNothing) {
  EXPECT_EQ(restricted([] {
              ::execl("/bin/true", "true", nullptr);
              return errno;
            }),
            EACCES);
}

TEST_F(LandlockTest, WhatIsNotThereIsAnErrorThatNamesIt) {
  const int result = result_of([] {
    const auto done = restrict_access({.readable = {"/nowhere"}, .writable = {}});
    return !done && done.error().message() == "allow access to /nowhere: No such file or directory"
               ? 0
               : 1;
  });
  EXPECT_EQ(result, 0);
}

TEST_F(LandlockTest, ConnectsToNobody) {
  if (landlock_version() < 4) {
    GTEST_SKIP() << "this version of Landlock does not know of TCP";
  }
  EXPECT_EQ(
      restricted([] {
        const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in port{};
        port.sin_family = AF_INET;
        port.sin_port = htons(9);
        port.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return error_of(::connect(socket, reinterpret_cast<const sockaddr*>(&port), sizeof port));
      }),
      EACCES);
}

TEST_F(LandlockTest, SignalsNoProcessOutside) {
  if (landlock_version() < 6) {
    GTEST_SKIP() << "this version of Landlock does not know of signals";
  }
  EXPECT_EQ(restricted([] { return error_of(::kill(::getppid(), 0)); }), EPERM);
}

}  // namespace
}  // namespace bulkhead::os
