#include "executors/lockdown.h"

#include <sys/resource.h>

#include <stdexcept>
#include <system_error>
#include <utility>

#include <bulkhead/error.h>

#include "os/landlock.h"
#include "os/own_process.h"
#include "os/privileges.h"
#include "os/sandbox_calls.h"
#include "os/threads.h"

namespace bulkhead {

namespace executors {

namespace {

void require(const os::Result<void>& done) {
  if (!done) {
    throw std::system_error(done.error().code, std::generic_category(),
                            "cannot lock the worker in: " + done.error().attempt);
  }
}

/// Landlock and the filter hold the thread that puts them on, and those that it starts.
void require_one_thread() {
  if (os::foreign_thread_count() > 1) {
    throw std::runtime_error(
        "cannot lock the worker in: its initializer has left a thread behind, which would be free");
  }
}

void limit_resources() {
  require(os::hide_memory());
  require(os::limit_resource(RLIMIT_MEMLOCK, 0));
  require(os::limit_resource(RLIMIT_MSGQUEUE, 0));
}

os::FileAccess access_of(const Lockdown& how) {
  if (how.sandbox == Sandbox::Strict) {
    return {};
  }
  os::FileAccess access{.readable = {"/"}, .writable = how.writable};
  access.writable.emplace_back("/dev/null");
  return access;
}

IsolationLayer layer(std::string name, std::string detail) {
  return {.name = std::move(name), .is_on = true, .detail = std::move(detail)};
}
IsolationLayer missing_layer(std::string name, std::string reason) {
  return {.name = std::move(name), .is_on = false, .detail = std::move(reason)};
}

IsolationLayer landlock_layer(Sandbox sandbox) {
  const unsigned version = os::landlock_version();
  if (version == 0) {
    return missing_layer("Landlock", "this kernel has none, or it is switched off");
  }
  return layer("Landlock", std::string(sandbox == Sandbox::Strict
                                           ? "opens no file by name"
                                           : "opens files for reading, writes only where it may") +
                               ", version " + std::to_string(version));
}

IsolationLayer filter_layer(Sandbox sandbox) {
  if (!os::SystemCallFilter::is_supported()) {
    return missing_layer("seccomp", "this kernel or this machine has no filters of system calls");
  }
  return layer("seccomp", sandbox == Sandbox::Strict
                              ? "only the system calls of computing, no executable memory"
                              : "no program, process, socket, or other process");
}

const char* name_of(Sandbox sandbox) {
  switch (sandbox) {
    case Sandbox::None:
      return "none";
    case Sandbox::Default:
      return "default";
    case Sandbox::Strict:
      return "strict";
  }
  return "";
}

}  // namespace

Lockdown lockdown_of(const PoolOptions& options) {
  return {.sandbox = options.sandbox,
          .has_landlock = os::landlock_version() != 0,
          .has_filter = os::SystemCallFilter::is_supported(),
          .writable = options.writable};
}

void require_layers(Sandbox sandbox) {
  if (sandbox != Sandbox::Strict) {
    return;
  }
  const std::string missing = available_isolation(sandbox).missing();
  if (!missing.empty()) {
    throw StartError(std::string("cannot start a process pool: no sandbox ") + name_of(sandbox) +
                     " here: " + missing);
  }
}

void lock_down(const Lockdown& how) {
  const bool is_strict = how.sandbox == Sandbox::Strict;
  require_one_thread();
  os::load_time_zone();
  limit_resources();
  if (is_strict) {
    require(os::silence_standard_streams());
  }
  require(os::forbid_new_privileges());
  if (how.has_landlock) {
    require(os::restrict_access(access_of(how)));
  }
  // Else root's program could read files of others that its workers could not.
  require(os::drop_capabilities(is_strict ? 0 : os::kReadAnyFile));
  if (how.has_filter) {
    require((is_strict ? os::computing_calls() : os::file_work_calls()).install());
  }
}

}  // namespace executors

std::string Isolation::missing() const {
  std::string text;
  for (const IsolationLayer& layer : layers) {
    if (!layer.is_on && sandbox != Sandbox::None) {
      text += (text.empty() ? "" : "; ") + layer.name + ": " + layer.detail;
    }
  }
  return text;
}

Isolation available_isolation(Sandbox sandbox) {
  using executors::layer;
  Isolation isolation{.sandbox = sandbox};
  isolation.layers.push_back(
      layer("process", "of its own, in a group of its own, that dies with the program"));
  if (sandbox == Sandbox::None) {
    return isolation;
  }
  isolation.layers.push_back(layer("resource limits", "no core dump, no locked memory"));
  isolation.layers.push_back(layer("privileges", "none of root's, and none to be gained"));
  isolation.layers.push_back(executors::landlock_layer(sandbox));
  isolation.layers.push_back(executors::filter_layer(sandbox));
  return isolation;
}

}  // namespace bulkhead
