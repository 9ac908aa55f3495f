#pragma once

#include <memory>
#include <ranges>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <bulkhead/detail/then.h>
#include <bulkhead/future.h>

namespace bulkhead {

namespace detail {

/// Puts the values of its sources together.
template <class T>
class CollectStep final : public Step {
 public:
  using Value = std::conditional_t<std::is_void_v<T>, void, std::vector<T>>;

  CollectStep() : Step(false) {}

  StepResult run(std::span<const FutureRef> sources) override {
    return result_of_call([&]() -> Value {
      if constexpr (!std::is_void_v<T>) {
        std::vector<T> values;
        values.reserve(sources.size());
        for (const FutureRef& source : sources) {
          values.push_back(value_of<T>(*source));
        }
        return values;
      }
    });
  }
};

template <std::ranges::input_range Futures>
std::vector<FutureRef> states_of(Futures&& futures) {
  std::vector<FutureRef> states;
  for (const auto& future : futures) {
    states.push_back(future.state());
  }
  return states;
}

}  // namespace detail

/// A range of futures of one type: `std::vector<Future<T>>`, a view of them.
template <class R>
concept FutureRange = std::ranges::input_range<R> &&
    requires(std::ranges::range_reference_t<R> future) {
  typename std::remove_cvref_t<decltype(future)>::value_type;
  { future.state() } -> std::convertible_to<detail::FutureRef>;
};

/// What the futures of a range are futures of.
template <FutureRange Futures>
using FutureValue = typename std::ranges::range_value_t<Futures>::value_type;

/// One future of all values, in the order of the range (of void for a range of `Future<void>`).
/// It fails, or is cancelled, as the first in that order which does, as soon as all before that
/// have their values; the others are left alone. cancel() cancels all of them. The futures may
/// belong to different executors.
template <FutureRange Futures>
auto collect(Futures&& futures) {
  using Step = detail::CollectStep<FutureValue<Futures>>;
  return Future<typename Step::Value>(
      detail::derive(detail::states_of(futures), std::make_unique<Step>()));
}

}  // namespace bulkhead
