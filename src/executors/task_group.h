#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <bulkhead/codec.h>
#include <bulkhead/detail/callable.h>
#include <bulkhead/detail/encoded_items.h>
#include <bulkhead/error.h>
#include <bulkhead/options.h>

#include "transport/payload_run.h"

namespace bulkhead::detail {

/// A callable that workers can run. Equal id: equal function and closure.
struct Function {
  std::uint64_t id = 0;
  PackedCallable callable;
};

/// Tasks of one function that are submitted together, from their submission to the end of the last
/// one. The back end calls complete() and fail(), one of them once for each task, from one thread
/// at a time.
class TaskGroup {
 public:
  /// In the thread that encoded the arguments: takes along the shared values that they refer to.
  TaskGroup(std::shared_ptr<const Function> function, TaskOptions options)
      : function_(std::move(function)), options_(std::move(options)), shared_(take_references()) {}
  virtual ~TaskGroup() = default;
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  /// Only before let_go().
  const Function& function() const noexcept { return *function_; }
  const TaskOptions& options() const noexcept { return options_; }
  const std::vector<SharedReference>& shared() const noexcept { return shared_; }

  virtual std::size_t size() const = 0;
  /// Of the task in the input of its map; nullopt: it is of none.
  virtual std::optional<std::uint64_t> index_of(std::size_t task) const = 0;
  /// Somebody wants to know of the end of each task at once, not only when he comes to ask.
  virtual bool is_awaited() const = 0;
  /// So many of them travel together; 0: found by measurement.
  virtual std::size_t chunk_size() const = 0;
  /// Whose run times TaskOptions::relative_timeout is about; 0: those of all tasks of the function.
  virtual std::uint64_t cohort() const { return 0; }
  /// Arguments of tasks from `first` on, none of which is over, for at most `most` of them and
  /// about `most_bytes`.
  virtual EncodedItems::Run arguments(std::size_t first, std::size_t most,
                                      std::size_t most_bytes) const = 0;
  /// Keeps these arguments where they are; null: they are there as long as the group.
  virtual std::shared_ptr<const void> argument_keeper() const { return nullptr; }

  /// Tasks from `first` on, one for each value, ended with these values, of which a copy is made,
  /// in this worker process (0: in none).
  virtual void complete(std::size_t first, const transport::PayloadRun& values, int worker) = 0;
  /// The task ended with this large value, of which no copy is made.
  virtual void complete_large(std::size_t task, Bytes value, int worker) = 0;
  /// The task has no value. `failure.index` is what its worker said.
  void fail(std::size_t task, Failure failure) {
    failure.name = options_.name;
    on_failed(task, std::move(failure));
  }

 protected:
  /// fail(); the index is checked, or filled in.
  virtual void on_failed(std::size_t task, Failure failure) = 0;
  /// All tasks are over, but somebody holds on to the group for its results: gives back what it
  /// took to run them.
  void let_go() noexcept {
    function_.reset();
    shared_ = {};
  }

 private:
  std::shared_ptr<const Function> function_;
  const TaskOptions options_;
  std::vector<SharedReference> shared_;
};

}  // namespace bulkhead::detail
