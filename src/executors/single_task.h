#pragma once

#include <memory>
#include <utility>

#include "executors/task_group.h"
#include "futures/future_state.h"

namespace bulkhead::detail {

/// One submitted task, and the state of its future, in one piece of memory.
class SingleTask final : public TaskGroup {
 public:
  SingleTask(std::shared_ptr<const Function> function, Bytes arguments, TaskOptions options,
             std::weak_ptr<Driver> driver, std::uint64_t id)
      : TaskGroup(std::move(function), options),
        arguments_(std::move(arguments)),
        future_(std::move(driver), id) {}

  /// The state of the task's future, which keeps the task.
  static std::shared_ptr<FutureState> future_of(const std::shared_ptr<SingleTask>& task) {
    return {task, &task->future_};
  }

  std::size_t size() const override { return 1; }
  std::optional<std::uint64_t> index_of(std::size_t) const override { return std::nullopt; }
  bool is_awaited() const override { return true; }
  std::size_t chunk_size() const override { return 0; }
  EncodedItems::Run arguments(std::size_t, std::size_t, std::size_t) const override {
    return {1, arguments_};
  }
  void complete(std::size_t, std::span<const std::byte> value) override {
    future_.complete(Bytes(value.begin(), value.end()));
  }
  void complete_large(std::size_t, Bytes value) override { future_.complete(std::move(value)); }
  void fail(std::size_t, Failure failure) override {
    failure.index.reset();
    future_.complete(Unexpected(std::move(failure)));
  }

 private:
  const Bytes arguments_;
  FutureState future_;
};

}  // namespace bulkhead::detail
