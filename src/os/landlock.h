#pragma once

#include <string>
#include <vector>

#include "os/system_error.h"

namespace bulkhead::os {

/// The version of Landlock that this kernel has; 0: none, or it is switched off. (landlock(7))
unsigned landlock_version();

/// Files and folders, each with all that is in it.
struct FileAccess {
  std::vector<std::string> readable;
  std::vector<std::string> writable;  ///< and readable
};

/// From now on the calling thread, and the threads that it starts, open, make, remove and rename
/// only these files, which must exist. As far as the version knows of them, they bind and connect
/// no TCP port (4), and reach no process outside by a signal or an abstract socket (6). What is
/// open already stays as it is. Needs forbid_new_privileges().
Result<void> restrict_access(const FileAccess& access);

}  // namespace bulkhead::os
