#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <bulkhead/codec.h>
#include <bulkhead/detail/callable.h>

namespace bulkhead {

/// A function with its first arguments bound, as Python's functools.partial: made by partial().
///
/// It can be given to submit() and map() like any function, and be called. What is bound may be of
/// any type of codec.h, and travels with the function, not with each call: once to each worker that
/// runs it, however many maps and submissions use this object or a copy of it. The workers keep it
/// until the last copy and the last task are gone and the next function is handed in.
///
/// The function sees what is bound as const. Copies share it. Any number of threads may use one.
template <class F, class... Bound>
class Partial {
 public:
  Partial(F function, Bound... bound)
      : state_(std::make_shared<State>(std::move(function),
                                       std::tuple<Bound...>(std::move(bound)...))) {}

  /// What arrives in a worker.
  explicit Partial(Decoder& in) : state_(std::make_shared<State>(in)) {}

  template <class... A>
  requires std::invocable<const F&, const Bound&..., A...>
      std::invoke_result_t<const F&, const Bound&..., A...>
  operator()(A&&... arguments) const {
    return std::apply(
        [&](const Bound&... bound) -> decltype(auto) {
          return std::invoke(state_->function, bound..., std::forward<A>(arguments)...);
        },
        state_->bound);
  }

  /// Encodes the function and what is bound; once, for all copies of this object.
  std::shared_ptr<const Bytes> encoded() const {
    std::call_once(state_->is_encoded, [this] {
      const detail::ReferencesApart of_these_values;
      Bytes bytes;
      Encoder out(bytes);
      detail::encode_callable(out, state_->function);
      std::apply(out, state_->bound);
      state_->encoded = std::make_shared<const Bytes>(std::move(bytes));
      state_->shared = detail::take_references();
    });
    return state_->encoded;
  }
  /// The shared values among what is bound; after encoded().
  const std::vector<detail::SharedReference>& shared() const noexcept { return state_->shared; }
  /// Expires with the last copy of this object.
  std::weak_ptr<const void> owner() const { return state_; }

 private:
  static_assert(detail::check_function<F>());
  static_assert((Transferable<Bound> && ...),
                "bulkhead: a value of this type cannot be bound: pointers, references, views and "
                "locks mean nothing in another process");

  struct State {
    State(F f, std::tuple<Bound...> values) : function(std::move(f)), bound(std::move(values)) {}
    // Braces evaluate from left to right: the values are decoded in their order.
    explicit State(Decoder& in)
        : function(detail::decode_callable<F>(in)), bound{detail::decode<Bound>(in)...} {}

    const F function;
    const std::tuple<Bound...> bound;
    std::once_flag is_encoded;
    std::shared_ptr<const Bytes> encoded;
    std::vector<detail::SharedReference> shared;
  };

  std::shared_ptr<State> state_;
};

/// Binds the first arguments of a function: partial(f, a, b)(x) is f(a, b, x). Text and spans are
/// bound as std::string and std::vector.
///
///   executor.map(bulkhead::partial(find_in, dictionary), words);   // the dictionary travels once
template <class F, class... Bound>
auto partial(F&& function, Bound&&... bound) {
  return Partial<std::decay_t<F>, detail::Argument<Bound>...>(
      std::forward<F>(function), detail::as_argument(std::forward<Bound>(bound))...);
}

}  // namespace bulkhead
