#pragma once

#include <functional>
#include <memory>
#include <optional>

#include <bulkhead/future.h>

#include "futures/continuations.h"
#include "futures/future_state.h"

namespace bulkhead {

/// An executor that does what a test says: on_drive() when somebody waits, on_cancel() when a task
/// is to be cancelled.
class FakeDriver : public detail::Driver, public std::enable_shared_from_this<FakeDriver> {
 public:
  bool drive_until(const std::function<bool()>& done, detail::Deadline deadline) override {
    last_deadline = deadline;
    if (!done() && on_drive) {
      on_drive();
    }
    return done();
  }
  void cancel(std::uint64_t task) override {
    cancelled = task;
    if (on_cancel) {
      on_cancel();
    }
  }

  std::shared_ptr<Driver> executor() override { return shared_from_this(); }

  std::function<void()> on_drive;
  std::function<void()> on_cancel;
  detail::Deadline last_deadline;
  std::optional<std::uint64_t> cancelled;
};

/// A task whose end the test decides.
template <class T>
class FakeTask {
 public:
  explicit FakeTask(const std::shared_ptr<FakeDriver>& driver = nullptr, std::uint64_t task = 0)
      : state_(std::make_shared<detail::FutureState>(driver, task)) {}

  Future<T> future() const { return Future<T>(state_); }

  template <class Value>
  void complete(const Value& value) const {
    Bytes bytes;
    Encoder out(bytes);
    out(value);
    end(std::move(bytes));
  }
  void fail(Failure failure) const { end(Unexpected(std::move(failure))); }
  void fail(FailureKind kind) const { fail(Failure{.kind = kind}); }

  /// What the executor does: completes under its locks, then runs what is due.
  void end(Outcome<Bytes> outcome) const {
    state_->complete(outcome
                         ? detail::FutureState::Result(detail::EncodedValue(*std::move(outcome)))
                         : detail::FutureState::failed(std::move(outcome).error()));
    detail::run_in_turn();
  }

 private:
  detail::FutureRef state_;
};

}  // namespace bulkhead
