#include <atomic>
#include <utility>

#include <bulkhead/error.h>
#include <bulkhead/inline_executor.h>

#include "executors/backend.h"
#include "executors/call.h"
#include "executors/running_task.h"
#include "executors/single_task.h"

namespace bulkhead {

namespace {

using detail::Function;
using detail::FutureState;
using executors::LoadedCallable;

/// While it lives the calling thread writes its items down there.
class MarksItems {
 public:
  explicit MarksItems(std::atomic<std::uint64_t>& item) noexcept
      : before_(std::exchange(detail::item_mark, &item)) {}
  ~MarksItems() { detail::item_mark = before_; }
  MarksItems(const MarksItems&) = delete;
  MarksItems& operator=(const MarksItems&) = delete;

 private:
  std::atomic<std::uint64_t>* before_;
};

/// A task in the thread that submits it: nothing limits it, and only its own token stops it.
class InlineTask final : public executors::RunningTask {
 public:
  explicit InlineTask(const std::stop_token& stop) : stop_(stop) {}

  bool is_stop_requested() noexcept override {
    was_asked_ = true;
    return stop_.stop_requested();
  }
  std::stop_token stop_token() override {
    was_asked_ = true;
    return stop_;
  }
  /// It was asked to stop, and could see it.
  bool was_stopped() const noexcept { return was_asked_ && stop_.stop_requested(); }
  std::optional<std::chrono::nanoseconds> remaining() const noexcept override {
    return std::nullopt;
  }
  unsigned attempt() const noexcept override { return 1; }
  std::optional<std::uint64_t> index() const noexcept override {
    return executors::index_of_item(item_.load(std::memory_order_relaxed));
  }
  void report_progress(double) noexcept override {}

  void begin(std::optional<std::uint64_t> index) noexcept {
    was_asked_ = false;
    item_.store(index ? 1 + *index : 0, std::memory_order_relaxed);
  }

 private:
  const std::stop_token& stop_;
  bool was_asked_ = false;
  std::atomic<std::uint64_t> item_{0};
  const MarksItems marks_{item_};
};

/// Every task is over when submit() returns.
class InlineBackend final : public detail::Backend {
 public:
  std::shared_ptr<const Function> define(detail::PackedCallable callable) override {
    if (!callable.bound) {
      return std::make_shared<const Function>(Function{0, std::move(callable)});
    }
    return std::make_shared<const BoundFunction>(std::move(callable));
  }

  std::shared_ptr<FutureState> submit(std::shared_ptr<const Function> function, Bytes arguments,
                                      TaskOptions options) override {
    auto task = std::make_shared<detail::SingleTask>(std::move(function), std::move(arguments),
                                                     std::move(options),
                                                     std::weak_ptr<detail::Driver>(), 0);
    run(*task);
    return detail::SingleTask::future_of(task);
  }

  void submit(std::shared_ptr<detail::TaskBatch> batch) override { run(*batch); }

  std::size_t wanted(const Function&, std::size_t, std::size_t, std::size_t undelivered) override {
    return undelivered == 0 ? 1 : 0;
  }

  bool drive_until(const std::function<bool()>& done, detail::Deadline) override { return done(); }
  void gather(const std::function<bool()>&, const std::function<bool()>&,
              detail::Deadline) override {}
  // Nobody can hold the future of a task that is not over.
  void cancel(std::uint64_t) override {}
  void cancel(const detail::TaskBatch&) override {}
  void kill(const detail::TaskBatch&) override {}
  void shutdown(ShutdownOptions) override { shut_down_ = true; }

 private:
  /// Its values may be large, and are loaded once for all of its calls, which see them as const.
  struct BoundFunction : Function {
    explicit BoundFunction(detail::PackedCallable packed)
        : Function{0, std::move(packed)},
          loaded(std::make_unique<LoadedCallable>(callable.name, callable.state())) {}
    std::unique_ptr<LoadedCallable> loaded;
  };

  static LoadedCallable& loaded(const Function& function, std::optional<LoadedCallable>& fresh) {
    const detail::PackedCallable& packed = function.callable;
    if (packed.bound) {
      return *static_cast<const BoundFunction&>(function).loaded;
    }
    return fresh.emplace(packed.name, packed.state());
  }

  void run(detail::TaskGroup& group) const {
    if (shut_down_) {
      throw ShutdownError("cannot submit after shutdown");
    }
    const std::stop_token& stop = group.options().stop;
    InlineTask inline_task(stop);
    const executors::RunningTask::InThisThread running(inline_task);
    std::optional<LoadedCallable> fresh;
    LoadedCallable& callable = loaded(group.function(), fresh);
    for (std::size_t task = 0; task < group.size(); ++task) {
      if (stop.stop_requested()) {
        group.fail(task, Failure{.kind = FailureKind::Cancelled});
        continue;
      }
      inline_task.begin(group.index_of(task));
      Bytes result;
      Encoder out(result);
      auto thrown = executors::run_call(callable, group.arguments(task, 1, 0).bytes, out);
      if (inline_task.was_stopped()) {
        group.fail(task, Failure{.kind = FailureKind::Cancelled, .attempts = 1});
      } else if (thrown) {
        group.fail(task, executors::failure_of(std::move(*thrown)));
      } else {
        group.complete(task, transport::PayloadRun::of(result), 0);
      }
    }
  }

  std::atomic<bool> shut_down_{false};
};

}  // namespace

InlineExecutor::InlineExecutor() : Executor(std::make_shared<InlineBackend>()) {}

}  // namespace bulkhead
