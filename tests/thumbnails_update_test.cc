// What --update knows again, also of photos that have failed, and what it must not.

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include <gtest/gtest.h>

#include "thumbnails_fixture.h"

namespace bulkhead::tests {
namespace {

class ThumbnailsUpdateTest : public ThumbnailsProgramTest {
 protected:
  // What runs behind it in this thread, and all that it starts, cannot set times, and is not told.
  static bool ignore_times_that_are_set() {
    std::array filter = {
        sock_filter BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_utimensat, 0, 1),
        sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 0),
        sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
  }
};

TEST_F(ThumbnailsUpdateTest, DiskThatKeepsNoMarksIsWarnedOfOnce) {
  folder.write("a.jpg", quick_photo());
  folder.write("b.jpg", quick_photo());
  Ended ended;
  bool could_filter = false;
  std::thread([&] {
    could_filter = ignore_times_that_are_set();
    ended = run({"-u"});
  }).join();
  if (!could_filter) {
    GTEST_SKIP() << "this user may not do what the test needs";
  }
  EXPECT_EQ(ended.status, 0);
  const std::string warning = "too coarsely for --update";
  const std::size_t at = ended.err.find(warning);
  ASSERT_NE(at, std::string::npos) << ended.err;
  EXPECT_EQ(ended.err.find(warning, at + 1), std::string::npos) << ended.err;
  EXPECT_EQ(run({"-u"}).err.find(warning), std::string::npos);
}

TEST_F(ThumbnailsUpdateTest, PhotoThatIsChangedWhileItIsReadIsMadeAgain) {
  const std::string path = folder.write("slow.jpg", slow_photo());
  RunningProgram program(command({"-u", "-j", "1"}), folder.path());
  ASSERT_NE(worker_at_work(program), 0);
  ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
  EXPECT_EQ(program.wait().status, 0);
  wait_for_a_later_time();
  EXPECT_EQ(lines_of(run({"-u"}).out), Strings({line_for("slow")}));
  EXPECT_EQ(lines_of(run({"-u"}).out), Strings());
}

TEST_F(ThumbnailsUpdateTest, WithoutHomeTheSystemSaysWhereDesktopsShareThumbnails) {
  folder.write("a.jpg", quick_photo());
  const struct passwd* const user = ::getpwuid(::geteuid());
  if (user == nullptr) {
    GTEST_SKIP() << "nobody knows this user";
  }
  const char* const home = std::getenv("HOME");
  const std::string before = home != nullptr ? home : "";
  ::unsetenv("XDG_CACHE_HOME");
  ::unsetenv("HOME");
  const Ended ended = run({"--dry-run", "--xdg", "a.jpg"});
  if (home != nullptr) {
    ::setenv("HOME", before.c_str(), 1);
  }
  EXPECT_NE(ended.out.find(" " + std::string(user->pw_dir) + "/.cache/thumbnails/normal/"),
            std::string::npos)
      << ended.out << ended.err;
}

class DesktopCacheTest : public ThumbnailsUpdateTest {
 protected:
  DesktopCacheTest() { ::setenv("XDG_CACHE_HOME", (folder / "cache").c_str(), 1); }
  ~DesktopCacheTest() override { ::unsetenv("XDG_CACHE_HOME"); }

  Strings notes_of_failures() const {
    Strings notes;
    for (const std::string& name : names()) {
      if (name.find("/fail/") != std::string::npos) {
        notes.push_back(name);
      }
    }
    return notes;
  }
};

TEST_F(DesktopCacheTest, FailureIsOneOfTheLimitsItWasMetWith) {
  folder.write("a.jpg", quick_photo());
  wait_for_a_later_time();
  const Strings update = {"-u", "--xdg", "a.jpg"};
  const Strings with_limit = {"-u", "--xdg", "--max-pixels", "10", "a.jpg"};
  EXPECT_EQ(run(with_limit).status, 1);
  ASSERT_EQ(notes_of_failures().size(), 1U);
  EXPECT_NE(run(with_limit).err.find("has failed before"), std::string::npos);
  EXPECT_EQ(run(update).status, 0);
  EXPECT_EQ(notes_of_failures(), Strings()) << "there is a thumbnail now";
}

TEST_F(DesktopCacheTest, ThumbnailThatIsUpToDateOutweighsANote) {
  folder.write("a.jpg", quick_photo());
  wait_for_a_later_time();
  const Strings with_limit = {"-u", "--xdg", "--max-pixels", "10", "a.jpg"};
  run(with_limit);
  ASSERT_EQ(notes_of_failures().size(), 1U);
  const auto note = folder.path() + "/" + notes_of_failures().front();
  std::filesystem::rename(note, folder / "note");
  EXPECT_EQ(run({"-u", "--xdg", "a.jpg"}).status, 0);
  std::filesystem::rename(folder / "note", note);
  const Ended ended = run(with_limit);
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.out, "");
}

TEST_F(DesktopCacheTest, WantOfMemoryIsNotNoted) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers need the memory themselves";
#endif
  folder.write("a.jpg", slow_photo());
  EXPECT_EQ(run({"--xdg", "--memory", "8M", "a.jpg"}).status, 1);
  EXPECT_EQ(notes_of_failures(), Strings());
}

TEST_F(DesktopCacheTest, GalleryMayShowWhatDesktopsShare) {
  folder.write("a.jpg", quick_photo());
  const Ended ended = run({"--xdg", "--gallery", "web", "a.jpg"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_NE(folder.read("web/index.html").find("<img src=\"./../cache/thumbnails/normal/"),
            std::string::npos);
}

}  // namespace
}  // namespace bulkhead::tests
