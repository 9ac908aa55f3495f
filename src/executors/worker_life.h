#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <typeindex>
#include <utility>
#include <vector>

#include <bulkhead/error.h>

#include "executors/memory_watch.h"
#include "executors/worker_setup.h"

namespace bulkhead::executors {

/// What surrounds the tasks of this process while it is a worker: how it was set up, what it keeps
/// between tasks, and how it leaves. One at a time; this_worker shows it to the tasks.
class WorkerLife {
 public:
  using Clock = std::chrono::steady_clock;
  using Thrown = std::optional<std::vector<RemoteWhat>>;

  WorkerLife();
  ~WorkerLife();
  WorkerLife(const WorkerLife&) = delete;
  WorkerLife& operator=(const WorkerLife&) = delete;

  /// The one of this process; null: it is no worker.
  static WorkerLife* current() noexcept;

  /// Makes the process what the pool wants it to be, then runs the initializer. nullopt, or what
  /// went wrong. noexcept: what a hook unwinds by force must not unwind the program below.
  Thrown begin(std::span<const std::byte> setup) noexcept;

  /// Runs the finalizer, then destroys what was kept. nullopt, or what was thrown.
  Thrown end() noexcept;

  /// Says of a std::bad_alloc which limit it was, if it was the worker's own.
  void explain(std::vector<RemoteWhat>& thrown) const;

  /// The process holds more memory than the pool likes and should leave. Looks now and then only.
  bool is_too_large(Clock::time_point now) { return memory_.is_exceeded(now); }

  const WorkerSettings& settings() const { return setup_.settings; }
  void* find_state(std::type_index type) const;
  void keep_state(std::type_index type, std::shared_ptr<void> state);

 private:
  void apply_settings() const;

  WorkerSetup setup_;
  MemoryWatch memory_;
  std::vector<std::pair<std::type_index, std::shared_ptr<void>>> states_;  // oldest first
};

/// This process is a worker that starts no process any more.
bool is_locked_down() noexcept;

/// How deep pools are nested in this process: 0 in one that is no worker.
unsigned nesting_depth() noexcept;

}  // namespace bulkhead::executors
