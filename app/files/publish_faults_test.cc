// What publish() leaves behind when the system, or somebody with a signal, stops it.

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string>

#include <gtest/gtest.h>

#include "files/publish.h"
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

// From here on this process may not write files of more than 1000 bytes.
void limit_file_size() {
  const struct rlimit limit { 1000, 1000 };
  ::setrlimit(RLIMIT_FSIZE, &limit);
  ::signal(SIGXFSZ, SIG_IGN);
}

const std::string kOverTheLimit(5000, 'x');

bool install_filter(std::span<sock_filter> filter) {
  const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

// From here on linkat() fails in this process, as it does where /proc is not mounted.
bool forbid_naming_of_unnamed_files() {
  std::array filter = {
      sock_filter BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_linkat, 0, 1),
      sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOENT),
      sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  return install_filter(filter);
}

// From here on files without a name cannot be opened, as on a file system that does not know them.
bool forbid_unnamed_files() {
  // O_TMPFILE is this bit and O_DIRECTORY, which is asked for by others too (open(2)).
  constexpr unsigned kTemporary = O_TMPFILE & ~O_DIRECTORY;
  std::array filter = {
      sock_filter BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 3),
      sock_filter BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[2])),
      sock_filter BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, kTemporary, 0, 1),
      sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EOPNOTSUPP),
      sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  return install_filter(filter);
}

class PublishFaultsTest : public testing::Test {
 protected:
  // Publishes in a child, after `prepare` has made its life harder: the error, or "" for none. A
  // child in which it could not be made harder skips the test.
  void expect_after(const std::function<bool()>& prepare, std::string_view text,
                    const std::string& reason) {
    const std::string path = folder / "a.jpg";
    const int status = status_in_child([&] {
      if (!prepare()) {
        return kSkipped;
      }
      return publish_text(path, text) == (reason.empty() ? "" : path + ": " + reason) ? 0 : 1;
    });
    if (status == kSkipped) {
      GTEST_SKIP() << "this user may not do what the test needs";
    }
    EXPECT_EQ(status, 0);
  }

  TemporaryFolder folder;
};

TEST_F(PublishFaultsTest, FileOverTheLimitOfTheProcessLeavesTheOldOneAndNothingElse) {
  folder.write("a.jpg", "old");
  expect_after(
      [] {
        limit_file_size();
        return true;
      },
      kOverTheLimit, "file too large");
  EXPECT_EQ(folder.read("a.jpg"), "old");
  EXPECT_EQ(folder.count(), 1U);
}

TEST_F(PublishFaultsTest, FullDiskIsAnErrorThatLeavesNothing) {
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

TEST_F(PublishFaultsTest, WithoutProcAFileIsReplacedThroughATemporaryOne) {
  folder.write("a.jpg", "old");
  expect_after(forbid_naming_of_unnamed_files, "new", "");
  EXPECT_EQ(folder.read("a.jpg"), "new");
  EXPECT_EQ(folder.count(), 1U);
}

TEST_F(PublishFaultsTest, WithoutUnnamedFilesAFileIsReplacedThroughATemporaryOne) {
  folder.write("a.jpg", "old");
  expect_after(forbid_unnamed_files, "new", "");
  EXPECT_EQ(folder.read("a.jpg"), "new");
  EXPECT_EQ(folder.count(), 1U);
}

TEST_F(PublishFaultsTest, TemporaryFileThatCannotBeCompletedIsRemoved) {
  expect_after(
      [] {
        limit_file_size();
        return forbid_unnamed_files();
      },
      kOverTheLimit, "file too large");
  EXPECT_EQ(folder.count(), 0U);
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

class PublishKilledTest : public PublishFaultsTest {
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
