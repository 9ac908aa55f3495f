#pragma once

#include <string>
#include <vector>

#include <bulkhead/options.h>
#include <bulkhead/sandbox.h>

namespace bulkhead::executors {

/// How a worker is to lock itself in: the profile, and those of its layers that depend on the
/// kernel, as the program has found them.
struct Lockdown {
  Sandbox sandbox = Sandbox::None;
  bool has_landlock = false;
  bool has_filter = false;            ///< of system calls
  std::vector<std::string> writable;  ///< of Default
};

/// What the kernel here allows of it.
Lockdown lockdown_of(const PoolOptions& options);

/// Throws StartError if the profile is Strict and the kernel lacks one of its layers.
void require_layers(Sandbox sandbox);

/// Locks this process in for good, with all of these layers. Throws std::runtime_error if one of
/// them cannot be put on: nothing of strangers may run then.
void lock_down(const Lockdown& how);

}  // namespace bulkhead::executors
