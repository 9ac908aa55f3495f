#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <tuple>
#include <utility>

#include <bulkhead/codec.h>
#include <bulkhead/detail/callable.h>
#include <bulkhead/detail/phase.h>
#include <bulkhead/map.h>

/// How Executor::map_reduce() travels: items in groups, each of which is folded into one value
/// where it arrives.
namespace bulkhead::detail {

/// A function that is bound to another as a value.
template <class F>
class BoundFunction {
 public:
  BoundFunction() = default;
  explicit BoundFunction(const F& function) : function_(std::make_unique<const F>(function)) {}

  const F& operator*() const { return *function_; }

  template <class Archive>
  void serialize(Archive& archive) {
    if constexpr (std::same_as<Archive, Encoder>) {
      encode_callable(archive, *function_);
    } else {
      function_ = std::make_unique<const F>(decode_callable<F>(archive));
    }
  }

 private:
  std::unique_ptr<const F> function_;
};

/// Folds the values of a group of items, of which there is one at least.
template <class T, class F, class Combine, class... Items>
struct FoldGroup {
  T operator()(const BoundFunction<F>& function, const BoundFunction<Combine>& combine,
               std::uint64_t items, std::span<const std::byte> encoded) const {
    F of_item = *function;  // Copies: they may change themselves.
    Combine fold = *combine;
    Decoder in(encoded);
    const auto next = [&] {
      return T(call_with<F, Items...>(of_item, take_arguments<F, Items...>(in)));
    };
    T folded = next();
    for (; items > 1; --items) {
      mark_next_item();
      folded = fold(std::move(folded), next());
    }
    return folded;
  }
};

/// Folds what the groups came to into the initial value. Throws the first failure.
template <class T, class Combine>
T fold_groups(MapState& groups, T folded, Combine combine) {
  OutcomeRun& run = current_outcomes(groups);
  while (run.next != run.end || next_outcomes(groups)) {
    const EncodedOutcome& outcome = *run.next++;
    if (outcome.failure != nullptr) {
      outcome.failure->raise();
    }
    auto value = decode_value<T>({outcome.value, outcome.bytes}, static_cast<int>(outcome.worker));
    if (!value) {
      value.error().raise();
    }
    folded = combine(std::move(folded), std::move(*value));
  }
  return folded;
}

}  // namespace bulkhead::detail
