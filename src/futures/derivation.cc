#include "futures/derivation.h"

#include <exception>
#include <ranges>
#include <stdexcept>
#include <unordered_set>
#include <utility>

#include "futures/continuations.h"
#include "futures/exception_capture.h"
#include "futures/sleeper.h"

namespace bulkhead::detail {

namespace {

/// While it lives the end of the future wakes the sleeper.
class WakeAtTheEnd final : public Watcher {
 public:
  WakeAtTheEnd(FutureState& state, Sleeper& sleeper) : state_(state), sleeper_(sleeper) {
    is_done_ = !state_.watch(*this);
  }
  ~WakeAtTheEnd() override { state_.unwatch(*this); }
  void on_completed() noexcept override { sleeper_.wake(); }

  /// It was done before.
  bool is_done() const noexcept { return is_done_; }

 private:
  FutureState& state_;
  Sleeper& sleeper_;
  bool is_done_ = false;
};

std::shared_ptr<const LocalResult> result_of_current_exception() {
  LocalResult result{.failure = {}, .thrown = std::current_exception()};
  try {
    throw;
  } catch (const TaskError& error) {
    result.failure = error.failure;  // That of another task, which the step waited for.
  } catch (...) {
    result.failure = Failure{
        .kind = FailureKind::Exception, .exceptions = describe_current_exception(), .attempts = 1};
  }
  return std::make_shared<const LocalResult>(std::move(result));
}

StepResult run_and_catch(Step& step, std::span<const FutureRef> sources) {
  try {
    return step.run(sources);
  } catch (...) {
    return result_of_current_exception();
  }
}

std::shared_ptr<const LocalResult> circle() {
  try {
    throw std::logic_error("a future cannot wait for itself");
  } catch (...) {
    return result_of_current_exception();
  }
}

std::shared_ptr<Driver> executor_of(const FutureRef& state) {
  const auto driver = state->driver();
  return driver ? driver->executor() : nullptr;
}

}  // namespace

FutureRef derive(std::vector<FutureRef> sources, std::unique_ptr<Step> step) {
  return Derivation::start(std::move(sources), std::move(step));
}

FutureRef Derivation::start(std::vector<FutureRef> sources, std::unique_ptr<Step> step) {
  const auto derivation = std::make_shared<Derivation>(std::move(sources), std::move(step));
  const auto derived = std::make_shared<FutureState>(derivation, 0);
  derivation->derived_ = derived;
  if (!derivation->wait_for_sources()) {
    derivation->self_ = derivation;
    derivation->on_completed();
    run_in_turn();
  }
  return derived;
}

Derivation::Derivation(std::vector<FutureRef> sources, std::unique_ptr<Step> step)
    : step_(std::move(step)),
      sources_(std::move(sources)),
      executor_(sources_.empty() ? nullptr : executor_of(sources_.front())) {}

void Derivation::run() {
  const auto self = std::move(self_);
  advance();
}

void Derivation::advance() {
  if (wait_for_sources()) {
    return;
  }
  const auto [sources, failed] = finished_sources();
  if (leave(Stage::Following, Stage::Settled)) {
    settle(FutureState::origin(sources.front()));
  } else if (leave(Stage::Waiting, Stage::Running)) {
    if (failed) {
      settle(FutureState::origin(failed));
    } else {
      run_step(sources);
    }
  }
}

bool Derivation::wait_for_sources() {
  while (const FutureRef source = next_unfinished()) {
    self_ = shared_from_this();
    if (source->watch(*this)) {
      return true;  // Another thread may have gone on with it already.
    }
    self_.reset();  // The caller holds it.
  }
  return false;
}

FutureRef Derivation::next_unfinished() {
  const std::lock_guard lock(mutex_);
  while (next_ < sources_.size()) {
    const FutureRef& source = sources_[next_];
    if (!source->is_done()) {
      return source;
    }
    if (source->failure() != nullptr && !step_->takes_failures()) {
      return nullptr;
    }
    ++next_;
  }
  return nullptr;
}

Derivation::Finished Derivation::finished_sources() const {
  const std::lock_guard lock(mutex_);
  return {sources_, next_ < sources_.size() ? sources_[next_] : nullptr};
}

void Derivation::run_step(std::span<const FutureRef> sources) {
  auto result = run_and_catch(*step_, sources);
  if (const auto* inner = std::get_if<FutureRef>(&result)) {
    follow(*inner);
  } else {
    settle(std::get<std::shared_ptr<const LocalResult>>(std::move(result)));
  }
}

void Derivation::follow(const FutureRef& inner) {
  if (!begin_to_follow(inner)) {
    settle(circle());
    return;
  }
  advance();
}

bool Derivation::begin_to_follow(const FutureRef& inner) {
  static std::mutex
      following;  // Else two futures that begin to follow each other would not see it.
  const auto executor = executor_of(inner);
  std::vector<FutureRef> sources{inner};  // Later the old ones, which go when nothing is locked.
  const std::lock_guard one_at_a_time(following);
  if (waits_for_itself(inner)) {
    return false;
  }
  const std::lock_guard lock(mutex_);
  stage_ = Stage::Following;
  std::swap(sources_, sources);
  next_ = 0;
  executor_ = executor;
  return true;
}

bool Derivation::waits_for_itself(const FutureRef& inner) const {
  std::vector<FutureRef> to_visit{inner};
  std::unordered_set<const FutureState*> seen;
  while (!to_visit.empty()) {
    const FutureRef state = std::move(to_visit.back());
    to_visit.pop_back();
    if (state == derived_) {
      return true;
    }
    if (!seen.insert(state.get()).second) {
      continue;
    }
    if (const auto other = std::dynamic_pointer_cast<Derivation>(state->driver())) {
      const auto awaited = other->finished_sources().all;
      to_visit.insert(to_visit.end(), awaited.begin(), awaited.end());
    }
  }
  return false;
}

bool Derivation::leave(Stage from, Stage to) {
  const std::lock_guard lock(mutex_);
  if (stage_ != from) {
    return false;
  }
  stage_ = to;
  return true;
}

bool Derivation::is_following() const {
  const std::lock_guard lock(mutex_);
  return stage_ == Stage::Following;
}

void Derivation::settle(FutureState::Result result) {
  derived_->complete(std::move(result));
  run_in_turn();
}

void Derivation::cancel(std::uint64_t) {
  // A list instead of calls inside of calls: chains are of any length.
  struct Visit {
    FutureRef state;
    bool is_inner_cancelled;  ///< the future that it follows was told
  };
  std::vector<Visit> to_visit{{derived_, false}};
  while (!to_visit.empty()) {
    const auto [state, is_inner_cancelled] = std::move(to_visit.back());
    to_visit.pop_back();
    const auto driver = state->is_done() ? nullptr : state->driver();
    const auto derivation = std::dynamic_pointer_cast<Derivation>(driver);
    if (!derivation) {
      state->cancel();
    } else if (is_inner_cancelled) {
      derivation->take_over_cancellation();
    } else {
      const Cancellation cancellation = derivation->begin_cancellation();
      if (cancellation.is_following) {
        to_visit.push_back({state, true});
      }
      for (const FutureRef& source : std::views::reverse(cancellation.sources)) {
        to_visit.push_back({source, false});
      }
    }
  }
}

Derivation::Cancellation Derivation::begin_cancellation() {
  auto sources = finished_sources().all;
  if (leave(Stage::Waiting, Stage::Settled)) {
    settle(FutureState::failed(Failure{.kind = FailureKind::Cancelled}));
    return {std::move(sources), false};
  }
  if (is_following()) {
    return {finished_sources().all, true};
  }
  return {};
}

void Derivation::take_over_cancellation() {
  const auto inner = finished_sources().all.front();
  if (inner->never_ran() && leave(Stage::Following, Stage::Settled)) {
    settle(FutureState::origin(inner));
  }
}

bool Derivation::drive_until(const std::function<bool()>& done, Deadline deadline) {
  Sleeper sleeper(executor());
  const WakeAtTheEnd watcher(*derived_, sleeper);
  return watcher.is_done() ? done() : sleeper.sleep_until(done, deadline);
}

std::shared_ptr<Driver> Derivation::executor() {
  const std::lock_guard lock(mutex_);
  return executor_.lock();
}

}  // namespace bulkhead::detail
