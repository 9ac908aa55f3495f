#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <bulkhead/error.h>

#include "executors/oom_watch.h"
#include "executors/worker_seat.h"
#include "os/fork_server.h"

namespace bulkhead::executors {

/// How a worker process ended, and what it left behind.
struct WorkerEnding {
  os::WorkerReport report;
  std::optional<std::uint64_t> index{};  ///< of the item of a map that it was about, as it said
  TaskPhase phase = TaskPhase::None;
  std::shared_ptr<const Evidence> evidence{};
  std::string reason{};  ///< why it called std::terminate, or who killed it; empty: not known
};

/// What the dead worker wrote in its last moments is taken for what it is, the word of a broken
/// process. Asks `oom` only about what nobody of this program has killed.
WorkerEnding ending_of(const os::WorkerReport& report, const WorkerSeat& seat, OomWatch& oom);

/// Says in the failure of the task that was running how its worker ended.
void describe(const WorkerEnding& ending, Failure& failure);

}  // namespace bulkhead::executors
