#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <ranges>
#include <tuple>
#include <type_traits>
#include <utility>

#include <bulkhead/codec.h>
#include <bulkhead/detail/callable.h>
#include <bulkhead/detail/reduce.h>
#include <bulkhead/future.h>
#include <bulkhead/map.h>
#include <bulkhead/options.h>
#include <bulkhead/partial.h>
#include <bulkhead/shared.h>

namespace bulkhead {

namespace detail {

/// What does the work behind an executor; known to the library only.
class Backend;

std::shared_ptr<FutureState> submit(Backend& backend, PackedCallable callable, Bytes arguments,
                                    TaskOptions options);
std::unique_ptr<MapState, MapStateDeleter> start_map(std::shared_ptr<Backend> backend,
                                                     PackedCallable callable,
                                                     std::unique_ptr<MapInput> input,
                                                     MapOptions options);

/// A map over groups of the items, as which FoldGroup sees them.
std::unique_ptr<MapState, MapStateDeleter> start_map_reduce(std::shared_ptr<Backend> backend,
                                                            PackedCallable callable,
                                                            std::unique_ptr<MapInput> items,
                                                            MapOptions options);

}  // namespace detail

/// Runs functions on data, somewhere: what ProcessPoolExecutor and InlineExecutor have in common.
/// All members may be called from any thread.
///
/// A function is a plain function, a lambda or a function object; its captures must be trivially
/// copyable, other values are bound by partial(). Arguments and results are of the types of
/// codec.h; text and spans are passed as std::string and std::vector, and a parameter
/// `std::string_view` or `std::span<const T>` sees them where they arrived in the worker, without a
/// copy, while the function runs. What cannot cross is a compile error of one sentence; a captured
/// address of the caller's stack is thrown as UnsafeCapture. The code of a function may lie in a
/// shared library that the program has loaded at any time: a worker that does not have it loads it
/// from the same file; if that cannot be, or is another build by now, the task fails with
/// SerializationError.
class Executor {
 public:
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  /// Runs function(arguments...) as one task. Never waits for it.
  /// Throws ShutdownError after shutdown(), and what encoding the arguments throws, nothing being
  /// submitted then: SerializationError where they have more than 8 GiB.
  template <class F, class... A>
  requires(!std::same_as<std::remove_cvref_t<F>, TaskOptions>) auto submit(F&& function,
                                                                           A&&... arguments) {
    return submit(TaskOptions{}, std::forward<F>(function), std::forward<A>(arguments)...);
  }

  template <class F, class... A>
  auto submit(TaskOptions options, F&& function, A&&... arguments) {
    static_assert(detail::check_call<std::decay_t<F>, detail::Argument<A>...>());
    const detail::ReferencesApart of_this_task;  // Else a throw here would leave some to the next.
    Bytes encoded;
    Encoder out(encoded);
    (detail::encode_argument(out, arguments), ...);
    auto callable = detail::pack_callable<std::decay_t<F>, detail::Argument<A>...>(function);
    return Future<detail::ResultOf<F, detail::Argument<A>...>>(
        detail::submit(*backend_, std::move(callable), std::move(encoded), std::move(options)));
  }

  /// Runs function(item) for each item of the input and gives the results in its order: see
  /// MapRange. Of several inputs the function gets an item each, up to the end of the shortest.
  /// An input that is an lvalue must outlive the results; an rvalue is kept by them.
  /// Throws ShutdownError after shutdown(), and what the input throws for its first items does so
  /// when they are asked for.
  /// Differs from Python in two points: the input is read lazily, and items travel in groups whose
  /// size is found automatically and is never visible in results, errors or timeouts.
  template <class F, std::ranges::input_range Input, std::ranges::input_range... More>
  auto map(F&& function, Input&& input, More&&... more) {
    return map(MapOptions{}, std::forward<F>(function), std::forward<Input>(input),
               std::forward<More>(more)...);
  }

  template <class F, std::ranges::input_range Input, std::ranges::input_range... More>
  auto map(MapOptions options, F&& function, Input&& input, More&&... more) {
    return start<detail::EncodeEach>(
        Types<detail::Argument<std::ranges::range_reference_t<Input>>,
              detail::Argument<std::ranges::range_reference_t<More>>...>(),
        options, function, std::forward<Input>(input), std::forward<More>(more)...);
  }

  /// As map(), but each item of the input is a tuple, pair or array of all arguments of one call.
  template <class F, std::ranges::input_range Input>
  auto starmap(F&& function, Input&& input) {
    return starmap(MapOptions{}, std::forward<F>(function), std::forward<Input>(input));
  }

  template <class F, std::ranges::input_range Input>
  auto starmap(MapOptions options, F&& function, Input&& input) {
    using Tuple = std::remove_cvref_t<std::ranges::range_reference_t<Input>>;
    const auto types = []<std::size_t... I>(std::index_sequence<I...>) {
      return Types<detail::Argument<std::tuple_element_t<I, Tuple>>...>();
    }
    (std::make_index_sequence<std::tuple_size_v<Tuple>>());
    return start<detail::EncodeTuple>(types, options, function, std::forward<Input>(input));
  }

  /// Folds combine(a, b) over `initial` and function(item) of each item of the input, and returns
  /// that: `map_reduce(area, std::plus<>(), 0.0, shapes)`. The items travel in groups, each of
  /// which is folded in the worker, so that one value comes back for many items.
  ///
  /// All values are of the type of `initial`, to which what the function gives is converted.
  /// `combine` must be associative. Left and right keep their order, so that it need not be
  /// commutative, unless MapOptions::ordered is false, by which groups are combined as they come;
  /// `initial` is used once, so that it need not be neutral, and is the result of no items. What is
  /// a group depends on the items alone: the result is the same, to the last bit of a
  /// floating-point sum, with any number of workers (if it is ordered).
  ///
  /// Waits for the end. Throws the first failure as a map does, its index being that of the item
  /// (none if that is not known), and cancels the rest; what `combine` throws at the end, here, is
  /// thrown as it is. Of the options `chunksize` is how many items are a group (0: groups grow, to
  /// 4096 items or 256 KiB); `each` and `buffersize` are about groups, not items.
  template <class F, class Combine, class T, std::ranges::input_range Input,
            std::ranges::input_range... More>
  requires(!std::same_as<std::remove_cvref_t<F>, MapOptions>) T
      map_reduce(F&& function, Combine&& combine, T initial, Input&& input, More&&... more) {
    return map_reduce(MapOptions{}, std::forward<F>(function), std::forward<Combine>(combine),
                      std::move(initial), std::forward<Input>(input), std::forward<More>(more)...);
  }

  template <class F, class Combine, class T, std::ranges::input_range Input,
            std::ranges::input_range... More>
  T map_reduce(MapOptions options, F&& function, Combine&& combine, T initial, Input&& input,
               More&&... more) {
    return fold<detail::Argument<std::ranges::range_reference_t<Input>>,
                detail::Argument<std::ranges::range_reference_t<More>>...>(
        options, function, combine, std::move(initial),
        ranges_input<detail::EncodeEach>(std::forward<Input>(input), std::forward<More>(more)...));
  }

  /// Makes a handle by which workers share one copy of a value: see Shared.
  template <class T>
  static Shared<T> share(const T& value) {
    return Shared<T>(value);
  }

  /// Takes no more tasks. May be called repeatedly; a later call can add the cancelling.
  void shutdown(ShutdownOptions options = {});

 protected:
  explicit Executor(std::shared_ptr<detail::Backend> backend) : backend_(std::move(backend)) {}
  Executor(Executor&&) noexcept = default;
  Executor& operator=(Executor&&) noexcept = default;
  ~Executor() = default;

  std::shared_ptr<detail::Backend> backend_;

 private:
  template <class... Items>
  struct Types {};

  template <class Encode, class... Inputs>
  static std::unique_ptr<detail::MapInput> ranges_input(Inputs&&... inputs) {
    return std::make_unique<detail::RangesInput<Encode, std::views::all_t<Inputs>...>>(
        std::views::all(std::forward<Inputs>(inputs))...);
  }

  template <class... Items, class F, class Combine, class T>
  T fold(MapOptions options, const F& function, const Combine& combine, T initial,
         std::unique_ptr<detail::MapInput> items) {
    using OfItem = std::decay_t<F>;
    using Folding = std::decay_t<Combine>;
    static_assert(detail::check_call<OfItem, Items...>());
    static_assert(detail::check_call<Folding, T, T>());
    const auto fold_group =
        partial(detail::FoldGroup<T, OfItem, Folding, Items...>(),
                detail::BoundFunction<OfItem>(function), detail::BoundFunction<Folding>(combine));
    const auto groups = detail::start_map_reduce(
        backend_,
        detail::pack_callable<std::remove_const_t<decltype(fold_group)>, std::uint64_t, Bytes>(
            fold_group),
        std::move(items), options);
    return detail::fold_groups<T, Folding>(*groups, std::move(initial), combine);
  }

  template <class Encode, class... Items, class F, class... Inputs>
  auto start(Types<Items...>, MapOptions options, const F& function, Inputs&&... inputs) {
    using Callable = std::decay_t<F>;
    static_assert(detail::check_call<Callable, Items...>());
    return MapRange<detail::ResultOf<Callable, Items...>>(
        detail::start_map(backend_, detail::pack_callable<Callable, Items...>(function),
                          ranges_input<Encode>(std::forward<Inputs>(inputs)...), options));
  }
};

}  // namespace bulkhead
