#pragma once

#include <cstdint>

#include "os/system_error.h"

/// What the calling thread, and the threads that it starts, may do beyond what its user may; given
/// up for good.
namespace bulkhead::os {

/// Nothing that is executed from now on adds privileges. (PR_SET_NO_NEW_PRIVS)
Result<void> forbid_new_privileges();

/// The capability to read every file and folder, whoever's it is. (CAP_DAC_READ_SEARCH)
extern const std::uint64_t kReadAnyFile;

/// Keeps of the capabilities that it has only those whose bits are set (capabilities(7)), and never
/// gets another: the inheritable, ambient and bounding sets are empty.
Result<void> drop_capabilities(std::uint64_t kept);

}  // namespace bulkhead::os
