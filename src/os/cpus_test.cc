#include "os/cpus.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <fstream>
#include <string>
#include <thread>

#include <gtest/gtest.h>

namespace bulkhead::os {
namespace {

namespace fs = std::filesystem;

/// A made-up tree of control groups.
struct CgroupTest : testing::Test {
  CgroupTest() { fs::create_directories(root); }
  ~CgroupTest() override { fs::remove_all(folder); }

  void write(const fs::path& file, const std::string& text) const {
    fs::create_directories((root / file).parent_path());
    std::ofstream(root / file) << text;
  }
  std::optional<unsigned> cpus(const std::string& groups) const {
    std::ofstream(folder / "self") << groups;
    return cgroup_cpus(root, folder / "self");
  }

  fs::path folder =
      fs::path(testing::TempDir()) / ("bulkhead_cgroup_" + std::to_string(::getpid()));
  fs::path root = folder / "mount";
};

TEST_F(CgroupTest, NothingThereIsNoLimit) {
  EXPECT_EQ(cgroup_cpus(folder / "absent", folder / "absent"), std::nullopt);
  EXPECT_EQ(cpus("0::/\n"), std::nullopt);
}

TEST_F(CgroupTest, Version2QuotaIsRoundedUp) {
  write("app/cpu.max", "150000 100000\n");
  EXPECT_EQ(cpus("0::/app\n"), 2U);
}

TEST_F(CgroupTest, Version2WholeQuotaIsItself) {
  write("app/cpu.max", "300000 100000\n");
  EXPECT_EQ(cpus("0::/app\n"), 3U);
}

TEST_F(CgroupTest, TinyQuotaIsOneCpu) {
  write("app/cpu.max", "1000 100000\n");
  EXPECT_EQ(cpus("0::/app\n"), 1U);
}

TEST_F(CgroupTest, MaxIsNoLimit) {
  write("app/cpu.max", "max 100000\n");
  EXPECT_EQ(cpus("0::/app\n"), std::nullopt);
}

TEST_F(CgroupTest, GroupAboveBindsAsWell) {
  write("cpu.max", "max 100000\n");
  write("a/cpu.max", "200000 100000\n");
  write("a/b/cpu.max", "800000 100000\n");
  write("a/b/c/cpu.max", "max 100000\n");
  EXPECT_EQ(cpus("0::/a/b/c\n"), 2U);
}

TEST_F(CgroupTest, LimitOfTheMountedRootBindsInAContainer) {
  write("cpu.max", "400000 100000\n");
  EXPECT_EQ(cpus("0::/\n"), 4U);
  EXPECT_EQ(cpus("0::/../../elsewhere\n"), 4U);
}

TEST_F(CgroupTest, GroupBesideDoesNotBind) {
  write("b/cpu.max", "100000 100000\n");
  EXPECT_EQ(cpus("0::/a\n"), std::nullopt);
}

TEST_F(CgroupTest, Version1QuotaIsReadUnderEitherName) {
  for (const std::string mount : {"cpu", "cpu,cpuacct"}) {
    fs::remove_all(root);
    write(mount + "/app/cpu.cfs_quota_us", "250000\n");
    write(mount + "/app/cpu.cfs_period_us", "100000\n");
    EXPECT_EQ(cpus("4:memory:/other\n3:cpu,cpuacct:/app\n"), 3U) << mount;
  }
}

TEST_F(CgroupTest, Version1QuotaOfMinusOneIsNoLimit) {
  write("cpu/app/cpu.cfs_quota_us", "-1\n");
  write("cpu/app/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(cpus("3:cpu,cpuacct:/app\n"), std::nullopt);
}

TEST_F(CgroupTest, ControllerWhoseNameOnlyBeginsLikeCpuIsAnother) {
  write("cpu/app/cpu.cfs_quota_us", "100000\n");
  write("cpu/app/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(cpus("3:cpuset,cpuacct:/app\n"), std::nullopt);
}

TEST_F(CgroupTest, StricterOfBothVersionsBinds) {
  write("cpu/app/cpu.cfs_quota_us", "200000\n");
  write("cpu/app/cpu.cfs_period_us", "100000\n");
  write("app/cpu.max", "500000 100000\n");
  EXPECT_EQ(cpus("3:cpu:/app\n0::/app\n"), 2U);
}

TEST_F(CgroupTest, PathWithAColonIsOnePath) {
  write("a:b/cpu.max", "200000 100000\n");
  EXPECT_EQ(cpus("0::/a:b\n"), 2U);
}

TEST_F(CgroupTest, GarbageIsNoLimit) {
  for (const std::string text :
       {"", "\n", "x", "-5 100000", "100000", "100000 0", "0 0", "nan 100000", "inf 1", "1e400 1",
        "100000 -1", "\xff\xfe", "100000max 5"}) {
    write("app/cpu.max", text);
    EXPECT_EQ(cpus("0::/app\n"), std::nullopt) << text;
  }
}

TEST_F(CgroupTest, GarbageInTheListOfGroupsIsPassedOver) {
  write("app/cpu.max", "200000 100000\n");
  EXPECT_EQ(cpus("\n:\n::\nx\n1:\n:::::\n0::/app\n"), 2U);
}

TEST_F(CgroupTest, EnormousQuotaIsANumber) {
  write("app/cpu.max", "1e300 1\n");
  EXPECT_EQ(cpus("0::/app\n"), 1'000'000U);
}

TEST(AffinityTest, IsTheNumberOfCpusOfTheMask) {
  cpu_set_t mask;
  ASSERT_EQ(::sched_getaffinity(0, sizeof mask, &mask), 0);
  EXPECT_EQ(affinity_cpus(), static_cast<unsigned>(CPU_COUNT(&mask)));
}

/// From now on the system refuses to tell the mask, as some sandboxes do.
bool forbid_asking_for_the_mask() {
  std::array<sock_filter, 4> program{
      sock_filter BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_sched_getaffinity, 0, 1),
      sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

TEST(AffinityTest, WhereTheMaskIsNotToldAllCpusCount) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::_exit(forbid_asking_for_the_mask() ? static_cast<int>(affinity_cpus()) : 0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), ::sysconf(_SC_NPROCESSORS_CONF));
}

TEST(AffinityTest, FollowsTheMask) {
  // In a thread of its own: the mask belongs to a thread.
  std::jthread([] {
    cpu_set_t mask;
    ASSERT_EQ(::sched_getaffinity(0, sizeof mask, &mask), 0);
    int first = 0;
    while (!CPU_ISSET(first, &mask)) {
      ++first;
    }
    CPU_ZERO(&mask);
    CPU_SET(first, &mask);
    ASSERT_EQ(::sched_setaffinity(0, sizeof mask, &mask), 0);
    EXPECT_EQ(affinity_cpus(), 1U);
  });
}

}  // namespace
}  // namespace bulkhead::os
