#pragma once

#include <memory>
#include <stop_token>
#include <utility>

#include "executors/task_group.h"
#include "futures/future_state.h"

namespace bulkhead::detail {

/// One submitted task, and the state of its future, in one piece of memory.
class SingleTask final : public TaskGroup {
 public:
  SingleTask(std::shared_ptr<const Function> function, Bytes arguments, TaskOptions options,
             std::weak_ptr<Driver> driver, std::uint64_t id)
      : TaskGroup(std::move(function), std::move(options)), future_(std::move(driver), id) {
    if (EncodedValue::lies_inside(arguments.size())) {
      few_arguments_ = EncodedValue(std::span<const std::byte>(arguments));
    } else {
      many_arguments_ = std::make_shared<const Bytes>(std::move(arguments));
    }
  }

  /// From now on the task is killed when its options' token says so; at once if it has said so.
  /// Without locks, when the task was handed in.
  static void obey(const std::shared_ptr<SingleTask>& task) {
    const std::stop_token& stop = task->options().stop;
    if (stop.stop_possible()) {
      task->obeying_ = std::make_unique<std::stop_callback<Kill>>(stop, Kill{task});
    }
  }

  /// The state of the task's future, which keeps the task.
  static std::shared_ptr<FutureState> future_of(const std::shared_ptr<SingleTask>& task) {
    return {task, &task->future_};
  }

  std::size_t size() const override { return 1; }
  std::optional<std::uint64_t> index_of(std::size_t) const override { return std::nullopt; }
  bool is_awaited() const override { return true; }
  std::size_t chunk_size() const override { return 0; }
  EncodedItems::Run arguments(std::size_t, std::size_t, std::size_t) const override {
    return {1, many_arguments_ ? *many_arguments_ : few_arguments_.bytes()};
  }
  std::shared_ptr<const void> argument_keeper() const override { return many_arguments_; }
  void complete(std::size_t, const transport::PayloadRun& values, int worker) override {
    end(EncodedValue(values[0]), worker);
  }
  void complete_large(std::size_t, Bytes value, int worker) override {
    end(EncodedValue(std::move(value)), worker);
  }

 private:
  void on_failed(std::size_t, Failure failure) override {
    failure.index.reset();
    end(FutureState::failed(std::move(failure)), 0);
  }

  void end(FutureState::Result result, int worker) {
    // The future may be kept for hours.
    many_arguments_.reset();
    let_go();
    future_.complete(std::move(result), worker);
  }

  /// Holds the task while it kills it: so the task never goes, in a thread that may hold the locks
  /// which this needs, while this is under way.
  struct Kill {
    std::weak_ptr<SingleTask> task;

    void operator()() const {
      if (const auto held = task.lock()) {
        held->future_.kill();
      }
    }
  };

  EncodedValue few_arguments_;
  std::shared_ptr<const Bytes> many_arguments_;  ///< null: they are few, or the task is over
  FutureState future_;
  std::unique_ptr<std::stop_callback<Kill>> obeying_;
};

}  // namespace bulkhead::detail
