#include "os/privileges.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>

namespace bulkhead::os {

const std::uint64_t kReadAnyFile = std::uint64_t{1} << CAP_DAC_READ_SEARCH;

namespace {

using Sets = std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3>;

bool may_change_bounding_set(const Sets& sets) {
  return (sets[CAP_TO_INDEX(CAP_SETPCAP)].effective & CAP_TO_MASK(CAP_SETPCAP)) != 0;
}

Result<void> empty_bounding_set() {
  for (unsigned long capability = 0; ::prctl(PR_CAPBSET_READ, capability) >= 0; ++capability) {
    if (::prctl(PR_CAPBSET_DROP, capability) != 0) {
      return last_error("drop a capability of the bounding set");
    }
  }
  return {};
}

}  // namespace

Result<void> forbid_new_privileges() {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return last_error("forbid new privileges");
  }
  return {};
}

Result<void> drop_capabilities(std::uint64_t kept) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  Sets sets{};
  if (::syscall(SYS_capget, &header, sets.data()) != 0) {
    return last_error("read the capabilities");
  }
  // Who may not change the bounding set has no use for it either: without new privileges nothing
  // that is executed can take from it.
  if (may_change_bounding_set(sets)) {
    if (auto emptied = empty_bounding_set(); !emptied) {
      return emptied;
    }
  }
  for (std::size_t word = 0; word < sets.size(); ++word) {
    const auto mask = static_cast<std::uint32_t>(kept >> (32 * word));
    sets.at(word).permitted &= mask;
    sets.at(word).effective &= mask;
    sets.at(word).inheritable = 0;  // Empties the ambient set, too.
  }
  if (::syscall(SYS_capset, &header, sets.data()) != 0) {
    return last_error("drop the capabilities");
  }
  return {};
}

}  // namespace bulkhead::os
