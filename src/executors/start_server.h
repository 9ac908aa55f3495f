#pragma once

#include <bulkhead/options.h>

#include "os/fork_server.h"

namespace bulkhead::executors {

/// Turns Automatic into the method that is safe here. Throws UnsafeFork, StartError.
StartMethod resolve(StartMethod method);

/// Starts a fork server by a resolved method. Fork: only while is_safe_to_fork().
os::Result<os::ForkServer> start_server(StartMethod method);

/// This process has no threads but its first and the library's.
bool is_safe_to_fork();

}  // namespace bulkhead::executors
