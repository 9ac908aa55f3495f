#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include <bulkhead/codec.h>
#include <bulkhead/detail/callable.h>
#include <bulkhead/options.h>

#include "executors/task_batch.h"
#include "futures/future_state.h"

namespace bulkhead::detail {

/// The duty of an executor's back end: bytes in, outcomes out. Thread-safe.
class Backend : public Driver {
 public:
  using Driver::cancel;
  using Driver::kill;

  virtual std::shared_ptr<const Function> define(PackedCallable callable) = 0;

  /// The number of a map whose items' run times are compared with each other; null: they are not.
  virtual std::shared_ptr<const std::uint64_t> make_cohort() { return nullptr; }

  /// One task. Throws ShutdownError after shutdown.
  virtual std::shared_ptr<FutureState> submit(std::shared_ptr<const Function> function,
                                              Bytes arguments, TaskOptions options) = 0;

  /// Items of a map, one at least. Throws ShutdownError after shutdown.
  virtual void submit(std::shared_ptr<TaskBatch> batch) = 0;

  /// Cancels the tasks of a batch that were not started.
  virtual void cancel(const TaskBatch& batch) = 0;
  /// The same, and stops those that are running.
  virtual void kill(const TaskBatch& batch) = 0;

  /// Works until ready() or the deadline, and then on until enough(), as long as more comes without
  /// a sleep. For the items of a map, whose thread will soon be back.
  virtual void gather(const std::function<bool()>& ready, const std::function<bool()>& enough,
                      Deadline deadline) = 0;

  /// How many more tasks a map should hand in, of whose tasks so many travel together (0: as many
  /// as is found by measurement), so many are not finished, and so many not delivered.
  virtual std::size_t wanted(const Function& function, std::size_t chunk_size,
                             std::size_t unfinished, std::size_t undelivered) = 0;

  virtual void shutdown(ShutdownOptions options) = 0;
};

}  // namespace bulkhead::detail
