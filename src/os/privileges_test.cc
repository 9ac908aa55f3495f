#include "os/privileges.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <array>
#include <cstdlib>

#include <gtest/gtest.h>

#include "os/test_child.h"

namespace bulkhead::os {
namespace {

using test::result_of;

std::uint64_t permitted_capabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> sets{};
  ::syscall(SYS_capget, &header, sets.data());
  return (std::uint64_t{sets[1].permitted} << 32U) | sets[0].permitted;
}

TEST(PrivilegesTest, NoneCanBeGainedAnyMore) {
  EXPECT_EQ(result_of([] {
              const bool done = forbid_new_privileges().has_value();
              return done ? ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) : test::kNotReady;
            }),
            1);
}

TEST(PrivilegesTest, NoCapabilityIsLeft) {
  EXPECT_EQ(result_of([] {
              const bool done = drop_capabilities(0).has_value();
              return done && permitted_capabilities() == 0 ? 0 : 1;
            }),
            0);
}

TEST(PrivilegesTest, OfTheCapabilitiesOfRootTheBoundingSetIsEmptyAndTheKeptOnesAreLeft) {
  const std::uint64_t before = permitted_capabilities();
  if ((before & kReadAnyFile) == 0 || (before & (std::uint64_t{1} << CAP_SETPCAP)) == 0) {
    GTEST_SKIP() << "this process has not the capabilities of root";
  }
  EXPECT_EQ(result_of([] {
              if (!drop_capabilities(kReadAnyFile)) {
                return test::kNotReady;
              }
              const bool is_bound = ::prctl(PR_CAPBSET_READ, CAP_DAC_READ_SEARCH) == 0 &&
                                    ::prctl(PR_CAPBSET_READ, CAP_SYS_ADMIN) == 0;
              return is_bound && permitted_capabilities() == kReadAnyFile ? 0 : 1;
            }),
            0);
}

}  // namespace
}  // namespace bulkhead::os
