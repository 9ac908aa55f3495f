#include "files/publish.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "files/temporary_folder.h"

namespace bulkhead::files {
namespace {

constexpr int kSkipped = 77;

std::string publish_text(const std::string& path, std::string_view text) {
  const auto done = publish(path, std::as_bytes(std::span(text)));
  return done ? "" : done.error().path + ": " + done.error().reason;
}

// The exit status of `body` in a process of its own, whose limits and mounts are its own.
int status_in_child(const std::function<int()>& body) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::_exit(body());
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

class PublishTest : public testing::Test {
 protected:
  TemporaryFolder folder;
};

TEST_F(PublishTest, WritesANewFile) {
  EXPECT_EQ(publish_text(folder / "a.jpg", "whole"), "");
  EXPECT_EQ(folder.read("a.jpg"), "whole");
  EXPECT_EQ(folder.count(), 1U);
}

TEST_F(PublishTest, ReplacesAFile) {
  folder.write("a.jpg", "an older and longer one");
  EXPECT_EQ(publish_text(folder / "a.jpg", "whole"), "");
  EXPECT_EQ(folder.read("a.jpg"), "whole");
  EXPECT_EQ(folder.count(), 1U);
}

TEST_F(PublishTest, ReplacesALinkAndNotWhatItPointsAt) {
  folder.write("target", "precious");
  std::filesystem::create_symlink("target", folder / "a.jpg");
  EXPECT_EQ(publish_text(folder / "a.jpg", "whole"), "");
  EXPECT_EQ(folder.read("a.jpg"), "whole");
  EXPECT_EQ(folder.read("target"), "precious");
}

TEST_F(PublishTest, GivesTheFileTheRightsOfTheUmask) {
  const mode_t before = ::umask(027);
  EXPECT_EQ(publish_text(folder / "a.jpg", "whole"), "");
  ::umask(before);
  struct stat status {};
  ASSERT_EQ(::stat((folder / "a.jpg").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0640U);
}

TEST_F(PublishTest, MakesTheFoldersOnTheWay) {
  EXPECT_EQ(publish_text(folder / "x/y/a.jpg", "whole"), "");
  EXPECT_EQ(folder.read("x/y/a.jpg"), "whole");
}

TEST_F(PublishTest, TakesTheLongestNameThereIs) {
  const std::string name(255, 'n');
  EXPECT_EQ(publish_text(folder / name, "first"), "");
  EXPECT_EQ(publish_text(folder / name, "second"), "");
  EXPECT_EQ(folder.read(name), "second");
}

TEST_F(PublishTest, FolderFileInTheWayAndDeviceAreErrors) {
  std::filesystem::create_directory(folder / "a.jpg");
  EXPECT_EQ(publish_text(folder / "a.jpg", "x"), (folder / "a.jpg") + ": is a directory");
  folder.write("b");
  EXPECT_EQ(publish_text(folder / "b/a.jpg", "x"), (folder / "b/a.jpg") + ": not a directory");
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(publish_text(folder / "pipe", "x"), (folder / "pipe") + ": file exists");
  EXPECT_EQ(publish_text("/proc/self/a.jpg", "x"), "/proc/self/a.jpg: no such file or directory");
  EXPECT_EQ(folder.count(), 3U);
}

TEST_F(PublishTest, ReadOnlyFolderIsAnError) {
  const OrdinaryUser user;
  const TemporaryFolder own;
  ASSERT_EQ(::chmod(own.path().c_str(), 0500), 0);
  EXPECT_EQ(publish_text(own / "a.jpg", "x"), (own / "a.jpg") + ": permission denied");
}

TEST_F(PublishTest, FileOverTheLimitOfTheProcessLeavesTheOldOneAndNothingElse) {
  folder.write("a.jpg", "old");
  const std::string path = folder / "a.jpg";
  const int status = status_in_child([&] {
    const struct rlimit limit { 1000, 1000 };
    ::setrlimit(RLIMIT_FSIZE, &limit);
    ::signal(SIGXFSZ, SIG_IGN);
    return publish_text(path, std::string(5000, 'x')) == path + ": file too large" ? 0 : 1;
  });
  EXPECT_EQ(status, 0);
  EXPECT_EQ(folder.read("a.jpg"), "old");
  EXPECT_EQ(folder.count(), 1U);
}

TEST_F(PublishTest, FullDiskIsAnErrorThatLeavesNothing) {
  const std::string path = folder / "a.jpg";
  const int status = status_in_child([&] {
    if (::unshare(CLONE_NEWNS) != 0 ||
        ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("none", folder.path().c_str(), "tmpfs", 0, "size=64k") != 0) {
      return kSkipped;
    }
    const bool failed =
        publish_text(path, std::string(1 << 20, 'x')) == path + ": no space left on device";
    return failed && folder.count() == 0 ? 0 : 1;
  });
  if (status == kSkipped) {
    GTEST_SKIP() << "mounting a small disk needs rights that this user has not";
  }
  EXPECT_EQ(status, 0);
}

// From here on linkat() fails in this process, as it does where /proc is not mounted.
bool forbid_naming_unnamed_files() {
  std::array filter = {
      sock_filter BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_linkat, 0, 1),
      sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOENT),
      sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

TEST_F(PublishTest, WithoutProcATemporaryFileIsRenamed) {
  folder.write("a.jpg", "old");
  const std::string path = folder / "a.jpg";
  const int status = status_in_child([&] {
    if (!forbid_naming_unnamed_files()) {
      return kSkipped;
    }
    const bool replaced = publish_text(path, "new").empty();
    const bool added = publish_text(folder / "b.jpg", "new").empty();
    return replaced && added ? 0 : 1;
  });
  if (status == kSkipped) {
    GTEST_SKIP() << "system calls cannot be filtered here";
  }
  EXPECT_EQ(status, 0);
  EXPECT_EQ(folder.read("a.jpg") + folder.read("b.jpg"), "newnew");
  EXPECT_EQ(folder.count(), 2U);
}

// Runs `body` in a child and kills it at its `nth` stop at a system call. Whether it got that far;
// nothing where processes cannot be traced.
enum class Killed { AtTheCall, NotReached, CannotTrace };

Killed kill_at_system_call(int nth, const std::function<void()>& body) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) {
      ::_exit(kSkipped);
    }
    ::raise(SIGSTOP);
    body();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  for (int stop = 0; stop < nth && WIFSTOPPED(status); ++stop) {
    ::ptrace(PTRACE_SYSCALL, child, nullptr, nullptr);
    ::waitpid(child, &status, 0);
  }
  if (WIFEXITED(status)) {
    return WEXITSTATUS(status) == kSkipped ? Killed::CannotTrace : Killed::NotReached;
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, &status, 0);
  return Killed::AtTheCall;
}

class PublishKilledTest : public PublishTest {
 protected:
  // Kills a publication of "new" at each of its system calls in turn, before and after the call.
  void kill_everywhere(const std::function<void()>& prepare, const std::string& before) {
    const std::string path = folder / "a.jpg";
    Killed killed = Killed::AtTheCall;
    bool was_published = false;
    for (int nth = 1; killed == Killed::AtTheCall; ++nth) {
      prepare();
      killed = kill_at_system_call(nth, [&] { publish_text(path, "new"); });
      if (killed == Killed::CannotTrace) {
        GTEST_SKIP() << "processes cannot be traced here";
      }
      const std::string seen = std::filesystem::exists(path) ? folder.read("a.jpg") : "(nothing)";
      EXPECT_TRUE(seen == before || seen == "new") << "at stop " << nth << ": " << seen;
      was_published = was_published || seen == "new";
      ASSERT_LT(nth, 200);
    }
    EXPECT_TRUE(was_published);
  }
};

TEST_F(PublishKilledTest, NewFileIsWholeOrNotThere) {
  kill_everywhere([&] { std::filesystem::remove(folder / "a.jpg"); }, "(nothing)");
  EXPECT_EQ(folder.count(), 1U) << "a file without a name left one behind";
}

TEST_F(PublishKilledTest, ReplacedFileIsTheOldOrTheNewOne) {
  kill_everywhere([&] { folder.write("a.jpg", "old"); }, "old");
}

}  // namespace
}  // namespace bulkhead::files
