#pragma once

#include <concepts>
#include <type_traits>
#include <utility>

#include <bulkhead/codec.h>
#include <bulkhead/detail/callable.h>

namespace bulkhead {

/// A call that every worker of a pool makes by itself: `.initializer = {load_model, "model.bin"}`.
/// The function and its arguments follow the rules of submit(); a result is dropped.
class WorkerHook {
 public:
  /// Nothing is called.
  WorkerHook() = default;

  /// Throws UnsafeCapture.
  template <class F, class... A>
  requires(!std::same_as<std::remove_cvref_t<F>, WorkerHook>)
      // NOLINTNEXTLINE(google-explicit-constructor): meant to be written in braces, or as a
      // function
      WorkerHook(F&& function, A&&... arguments) {
    static_assert(detail::check_call<std::decay_t<F>, detail::Argument<A>...>());
    Encoder out(arguments_);
    (detail::encode_argument(out, arguments), ...);
    callable_ = detail::pack_callable<std::decay_t<F>, detail::Argument<A>...>(function);
  }

  bool is_set() const noexcept { return callable_.name != nullptr; }
  const detail::PackedCallable& callable() const noexcept { return callable_; }
  const Bytes& arguments() const noexcept { return arguments_; }

 private:
  detail::PackedCallable callable_;
  Bytes arguments_;
};

}  // namespace bulkhead
