#pragma once

#include <concepts>
#include <exception>
#include <functional>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <bulkhead/detail/future_state.h>
#include <bulkhead/error.h>

namespace bulkhead {
template <class T>
class Future;
}

/// How a future is made of others.
namespace bulkhead::detail {

/// What a step leaves: a result, or the future whose result it is.
using StepResult = std::variant<std::shared_ptr<const LocalResult>, FutureRef>;

/// What is to be done in this process when other futures are done.
class Step {
 public:
  /// `takes_failures`: it is also run when one of them has failed; else that failure is passed on.
  explicit Step(bool takes_failures) : takes_failures_(takes_failures) {}
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;
  virtual ~Step() = default;

  /// Called once, in the completing thread. What it throws is the result.
  virtual StepResult run(std::span<const FutureRef> sources) = 0;
  bool takes_failures() const noexcept { return takes_failures_; }

 private:
  const bool takes_failures_;
};

/// A future that ends as the step says when the sources are done.
FutureRef derive(std::vector<FutureRef> sources, std::unique_ptr<Step> step);

template <class F>
concept HasOneSignature = std::is_pointer_v<F> || requires {
  &F::operator();
};

/// A function of an Outcome<T>: it can be called with a failure. Only asked where that instantiates
/// no body: a generic lambda takes the value.
template <class F, class T>
concept TakesOutcome =
    HasOneSignature<F> && std::invocable<F, Outcome<T>> && std::invocable<F, Unexpected<Failure>>;

template <class F, class T>
struct ConsumerCall : std::invoke_result<F, T> {};
template <class F>
struct ConsumerCall<F, void> : std::invoke_result<F> {};
template <class F, class T>
requires TakesOutcome<F, T>
struct ConsumerCall<F, T> : std::invoke_result<F, Outcome<T>> {
};
template <class F>
requires TakesOutcome<F, void>
struct ConsumerCall<F, void> : std::invoke_result<F, Outcome<void>> {
};

/// Can be called with the value of a Future<T>, or with its Outcome<T>.
template <class F, class T>
concept Consumer = requires {
  typename ConsumerCall<F, T>::type;
};

/// What a future is one of whose step returns an R.
template <class R>
struct StepValue {
  using Type = R;
  static constexpr bool kIsFuture = false;
};
template <class R>
struct StepValue<Future<R>> {
  using Type = R;
  static constexpr bool kIsFuture = true;
};

/// Runs a function, and wraps what it gives.
template <class Call>
StepResult result_of_call(Call call) {
  using R = std::decay_t<std::invoke_result_t<Call>>;
  if constexpr (std::is_void_v<R>) {
    call();
    return std::make_shared<const LocalResult>();
  } else if constexpr (StepValue<R>::kIsFuture) {
    return call().state();
  } else {
    return std::make_shared<const LocalValue<R>>(call());
  }
}

/// The function given to Future<T>::then.
template <class T, class F>
class ThenStep final : public Step {
  static constexpr bool kTakesOutcome = TakesOutcome<F, T>;
  using Returned = std::decay_t<typename ConsumerCall<F, T>::type>;

 public:
  /// What the new future is one of.
  using Value = typename StepValue<Returned>::Type;

  explicit ThenStep(F function) : Step(kTakesOutcome), function_(std::move(function)) {}

  StepResult run(std::span<const FutureRef> sources) override {
    const FutureState& source = *sources.front();
    return result_of_call([&]() -> decltype(auto) {
      if constexpr (kTakesOutcome) {
        return std::invoke(function_, outcome_of<T>(source));
      } else if constexpr (std::is_void_v<T>) {
        return std::invoke(function_);
      } else {
        return std::invoke(function_, value_of<T>(source));
      }
    });
  }

 private:
  F function_;
};

}  // namespace bulkhead::detail
