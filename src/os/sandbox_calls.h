#pragma once

#include <string_view>

#include "os/system_call_filter.h"

/// Which system calls code of strangers needs, and which it never does.
namespace bulkhead::os {

/// For code that works with files. All calls but those that lead out of the process: it executes
/// nothing, starts no process, reaches no other, opens no socket, makes no file more accessible,
/// and does not touch the system (mounts, clocks, keys, modules, tracing).
SystemCallFilter file_work_calls();

/// For code that turns bytes into bytes: only what memory, threads and open descriptors need. It
/// opens nothing by name, and no memory becomes executable. What is neither needed nor dangerous
/// fails with ENOSYS, so that libraries that try it go on without.
SystemCallFilter computing_calls();

/// The name of a call that these trap; empty: of none.
std::string_view trapped_call_name(int call);

}  // namespace bulkhead::os
