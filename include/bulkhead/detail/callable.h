#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <functional>
#include <memory>
#include <new>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <bulkhead/codec.h>
#include <bulkhead/detail/parameters.h>
#include <bulkhead/detail/phase.h>
#include <bulkhead/detail/shared_memory.h>
#include <bulkhead/this_task.h>

/// How a function object becomes something that another process of the same program can run.
namespace bulkhead {

template <class F, class... Bound>
class Partial;

namespace detail {

/// The code of one callable type with one list of argument types, behind three plain functions.
struct CallableCode {
  /// Builds the callable from the bytes of its closure; owned by the caller, ended by unload.
  void* (*load)(Decoder& closure);
  /// Decodes the arguments, calls, encodes the result. Throws what the function throws.
  void (*invoke)(void* callable, Decoder& arguments, Encoder& result);
  void (*unload)(void* callable) noexcept;
};

/// The function's name between processes: where the program's code keeps its CallableCode.
/// Every process of one program finds the same code under the same (module, offset) of this
/// pointer.
using CallableName = const CallableCode& (*)();

/// Encodes the address of code as (module, offset), which holds in any process of this program; of
/// a module that is a shared library also the file and the build. Throws SerializationError if it
/// lies in no loaded module.
void encode_code_address(Encoder& out, const void* address);
/// The address here of what encode_code_address wrote. Loads the module if it is not there.
/// Throws SerializationError if it cannot be loaded, or is another build.
const void* decode_code_address(Decoder& in);

/// Throws UnsafeCapture if a word of the closure is an address on the calling thread's stack, in
/// the part that is in use.
void check_capture(std::span<const std::byte> closure);

/// The type as which an argument travels and is handed to the function: text and spans as owners.
template <class A>
struct Travels {
  using Type = std::decay_t<A>;
};
template <class A>
requires std::convertible_to<A, std::string_view> &&
    (!std::same_as<std::decay_t<A>, std::string>)&&(std::is_pointer_v<std::decay_t<A>> ||
                                                    View<std::remove_cvref_t<A>>)struct Travels<A> {
  using Type = std::string;
};
template <class A>
requires(View<std::remove_cvref_t<A>> &&
         !std::convertible_to<A, std::string_view>) struct Travels<A> {
  using Type = std::vector<typename std::remove_cvref_t<A>::value_type>;
};
template <class A>
using Argument = typename Travels<A>::Type;

/// An argument in the type in which it travels.
template <class A>
Argument<A> as_argument(A&& argument) {
  if constexpr (std::convertible_to<A, Argument<A>> || std::same_as<Argument<A>, std::string>) {
    return Argument<A>(std::forward<A>(argument));
  } else {
    return Argument<A>(argument.begin(), argument.end());
  }
}

/// Encodes one argument in the type in which it travels.
template <class A>
void encode_argument(Encoder& out, const A& argument) {
  if constexpr (std::same_as<Argument<const A&>, A>) {
    encode(out, argument);
  } else {
    encode(out, as_argument(argument));
  }
}

/// The function wants the token of its task before the arguments.
template <class F, class... A>
concept TakesStopToken = !std::invocable<F&, A...> && std::invocable<F&, std::stop_token, A...>;

template <class F, class... A>
struct CallOf : std::invoke_result<F&, A...> {};
template <class F, class... A>
requires TakesStopToken<F, A...>
struct CallOf<F, A...> : std::invoke_result<F&, std::stop_token, A...> {
};

/// What comes back of a call with arguments that travel as A.
template <class F, class... A>
using ResultOf = std::remove_cvref_t<typename CallOf<std::decay_t<F>, A...>::type>;

template <class F>
inline constexpr bool is_function_pointer =
    std::is_pointer_v<F>&& std::is_function_v<std::remove_pointer_t<F>>;

/// One sentence for each kind of function that cannot cross.
template <class F>
consteval bool check_function() {
  static_assert(is_function_pointer<F> || is_a<F, Partial> || std::is_trivially_copyable_v<F>,
                "bulkhead: this function object cannot be sent to a worker, because it captures a "
                "value that is not trivially copyable; bind that value with bulkhead::partial, or "
                "pass it as an argument");
  static_assert(
      !is_a<F, std::function> && !is_a<F, std::reference_wrapper> && !std::is_member_pointer_v<F>,
      "bulkhead: pass a function, a lambda or a function object of your own");
  return true;
}

/// One sentence for each way in which a call cannot cross.
template <class F, class... A>
consteval bool check_call() {
  static_assert(check_function<F>());
  static_assert((Transferable<A> && ...),
                "bulkhead: an argument of this type cannot be sent to a worker: pointers, "
                "references, views and locks mean nothing in another process");
  static_assert(std::invocable<F&, A...> || TakesStopToken<F, A...>,
                "bulkhead: the function cannot be called with these arguments");
  if constexpr (std::invocable<F&, A...> || TakesStopToken<F, A...>) {
    using R = typename CallOf<F, A...>::type;
    static_assert(std::is_void_v<R> || Transferable<std::remove_cvref_t<R>>,
                  "bulkhead: a result of this type cannot come back from a worker: pointers, "
                  "references, views and locks mean nothing in another process");
  }
  return true;
}

template <class F>
F decode_callable(Decoder& in) {
  if constexpr (is_function_pointer<F>) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the address of code, made by encode_code_address
    return reinterpret_cast<F>(const_cast<void*>(decode_code_address(in)));
  } else if constexpr (is_a<F, Partial>) {
    return F(in);
  } else {
    // memcpy into raw storage: F need not have a default constructor. One without state has no
    // bytes.
    alignas(F) std::array<std::byte, sizeof(F)> storage{};
    if constexpr (!std::is_empty_v<F>) {
      in.raw(storage.data(), storage.size());
    }
    return *std::launder(reinterpret_cast<F*>(storage.data()));
  }
}

template <class F>
void* load_callable(Decoder& closure) {
  return new F(decode_callable<F>(closure));
}

template <class F>
void unload_callable(void* callable) noexcept {
  delete static_cast<F*>(callable);
}

/// The values of a call are about to be destroyed.
template <class... T>
void mark_end() noexcept {
  if constexpr (!(std::is_trivially_destructible_v<T> && ...)) {
    mark(TaskPhase::Destroy);
  }
}

/// Decodes the arguments of a call.
template <class F, class... A>
auto take_arguments(Decoder& in) {
  mark(all_flat<A...>() ? TaskPhase::Run : TaskPhase::Decode);
  using Arguments = typename ArrivedArguments<typename ParametersOf<F>::Type, A...>::Type;
  auto arguments = decode_arguments(in, std::type_identity<Arguments>());
  if constexpr (!all_flat<A...>()) {
    mark(TaskPhase::Run);
  }
  return arguments;
}

/// Calls it with what take_arguments() gave.
template <class F, class... A, class Arguments>
decltype(auto) call_with(F& function, Arguments&& arguments) {
  if constexpr (TakesStopToken<F, A...>) {
    return std::apply(function, std::tuple_cat(std::tuple(this_task::stop_token()),
                                               std::forward<Arguments>(arguments)));
  } else {
    return std::apply(function, std::forward<Arguments>(arguments));
  }
}

template <class F, class... A>
void invoke_callable(void* callable, Decoder& in, Encoder& out) {
  auto& function = *std::launder(static_cast<F*>(callable));
  using R = ResultOf<F, A...>;
  auto arguments = take_arguments<F, A...>(in);
  if constexpr (std::is_void_v<R>) {
    call_with<F, A...>(function, std::move(arguments));
    mark_end<A...>();
  } else {
    const R result = call_with<F, A...>(function, std::move(arguments));
    if constexpr (!is_flat<R>()) {
      mark(TaskPhase::Encode);
    }
    out(result);
    mark_end<R, A...>();
  }
}

template <class F, class... A>
const CallableCode& callable_code() {
  static constexpr CallableCode code{&load_callable<F>, &invoke_callable<F, A...>,
                                     &unload_callable<F>};
  return code;
}

/// Encodes the captures. The gaps between them hold whatever was on the stack before, which is not
/// part of the function and could look like an address.
template <class F>
void encode_closure(Encoder& out, const F& function) {
  alignas(F) std::array<std::byte, sizeof(F)> copy;
  std::memcpy(copy.data(), &function, sizeof function);
#if defined(__has_builtin)
#if __has_builtin(__builtin_clear_padding)
  __builtin_clear_padding(std::launder(reinterpret_cast<F*>(copy.data())));
#endif
#endif
  check_capture(copy);
  out.raw(copy.data(), copy.size());
}

template <class F>
void encode_callable(Encoder& out, const F& function) {
  if constexpr (is_function_pointer<F>) {
    encode_code_address(out, reinterpret_cast<const void*>(function));
  } else if constexpr (is_a<F, Partial>) {
    const auto encoded = function.encoded();
    out.raw(encoded->data(), encoded->size());
    for (const auto& memory : function.shared()) {
      refer_to(memory);
    }
  } else if constexpr (!std::is_empty_v<F>) {
    encode_closure(out, function);
  }
}

/// A callable made ready to travel.
struct PackedCallable {
  CallableName name = nullptr;
  Bytes closure{};  ///< empty: a function without state, or one with bound values
  /// The function and the values bound to it, instead of a closure; may be null.
  std::shared_ptr<const Bytes> bound{};
  std::vector<SharedReference> shared{};  ///< what the bound values refer to
  std::weak_ptr<const void> owner{};  ///< expires when no object with these bound values is left

  std::span<const std::byte> state() const {
    return bound ? std::span<const std::byte>(*bound) : std::span<const std::byte>(closure);
  }
};

template <class F, class... A>
PackedCallable pack_callable(const F& function) {
  PackedCallable packed{&callable_code<F, A...>};
  if constexpr (is_a<F, Partial>) {
    packed.bound = function.encoded();
    packed.shared = function.shared();
    packed.owner = function.owner();
  } else {
    Encoder out(packed.closure);
    encode_callable(out, function);
  }
  return packed;
}

}  // namespace detail
}  // namespace bulkhead
