#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include <bulkhead/codec.h>

/// How the parameters of a function see its arguments in the worker: text and blocks that it only
/// looks at lie in the memory in which they arrived, all others are decoded.
namespace bulkhead {

template <class F, class... Bound>
class Partial;

namespace detail {

/// The parameters of a function; not known of one that is a template or overloaded.
template <class... P>
struct ParameterList {};
struct UnknownParameters {};

template <class F>
struct ParametersOf {
  using Type = UnknownParameters;
};
template <class F>
requires requires {
  typename std::type_identity_t<decltype(&F::operator())>;
}
struct ParametersOf<F> : ParametersOf<decltype(&F::operator())> {};
template <class R, class... P>
struct ParametersOf<R (*)(P...)> {
  using Type = ParameterList<P...>;
};
template <class R, class... P>
struct ParametersOf<R (*)(P...) noexcept> {
  using Type = ParameterList<P...>;
};
template <class C, class R, class... P>
struct ParametersOf<R (C::*)(P...)> {
  using Type = ParameterList<P...>;
};
template <class C, class R, class... P>
struct ParametersOf<R (C::*)(P...) const> {
  using Type = ParameterList<P...>;
};
template <class C, class R, class... P>
struct ParametersOf<R (C::*)(P...) noexcept> {
  using Type = ParameterList<P...>;
};
template <class C, class R, class... P>
struct ParametersOf<R (C::*)(P...) const noexcept> {
  using Type = ParameterList<P...>;
};

/// Parameters behind the first N.
template <std::size_t N, class Parameters>
struct ParametersAfter {
  using Type = UnknownParameters;
};
template <class... P>
struct ParametersAfter<0, ParameterList<P...>> {
  using Type = ParameterList<P...>;
};
template <std::size_t N, class First, class... P>
requires(N > 0) struct ParametersAfter<N, ParameterList<First, P...>>
    : ParametersAfter<N - 1, ParameterList<P...>> {
};
template <class F, class... Bound>
struct ParametersOf<Partial<F, Bound...>>
    : ParametersAfter<sizeof...(Bound), typename ParametersOf<F>::Type> {};

/// A block of elements where it arrived, or a copy of it where that place does not suit its type.
template <class T>
class ArrivedBlock {
 public:
  explicit ArrivedBlock(Decoder& in) {
    const std::size_t items = in.count(sizeof(T));
    const auto bytes = in.take(items * sizeof(T));
    if (reinterpret_cast<std::uintptr_t>(bytes.data()) % alignof(T) == 0) {
      block_ = {reinterpret_cast<const T*>(bytes.data()), items};
      return;
    }
    copy_.resize(items);
    std::memcpy(copy_.data(), bytes.data(), bytes.size());
    block_ = copy_;
  }
  ArrivedBlock(ArrivedBlock&&) noexcept = default;
  ArrivedBlock& operator=(ArrivedBlock&&) = delete;
  ~ArrivedBlock() = default;

  operator std::span<const T>() const noexcept { return block_; }  // NOLINT: it stands for it

 private:
  std::vector<T> copy_;
  std::span<const T> block_;
};

/// As what an argument that travels as A is kept for a parameter P while the function runs.
template <class P, class A>
struct Arrived {
  using Type = A;
};
template <>
struct Arrived<std::string_view, std::string> {
  using Type = std::string_view;
};
template <class T>
requires FlatVector<std::vector<T>> && std::is_default_constructible_v<T>
struct Arrived<std::span<const T>, std::vector<T>> {
  using Type = ArrivedBlock<T>;
};

/// The same for all arguments.
template <class Parameters, class... A>
struct ArrivedArguments {
  using Type = std::tuple<A...>;
};
template <class... P, class... A>
requires(sizeof...(P) == sizeof...(A)) struct ArrivedArguments<ParameterList<P...>, A...> {
  using Type = std::tuple<typename Arrived<std::remove_cvref_t<P>, A>::Type...>;
};

/// The token of the task is no argument.
template <class... P, class... A>
requires(sizeof...(P) ==
         sizeof...(A)) struct ArrivedArguments<ParameterList<std::stop_token, P...>, A...>
    : ArrivedArguments<ParameterList<P...>, A...> {
};

template <class Held>
Held decode_argument(Decoder& in) {
  if constexpr (std::same_as<Held, std::string_view>) {
    const auto bytes = in.take(in.count(1));
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  } else if constexpr (is_a<Held, ArrivedBlock>) {
    return Held(in);
  } else {
    return decode<Held>(in);
  }
}

/// Decodes the arguments in their order.
template <class... Held>
std::tuple<Held...> decode_arguments(Decoder& in, std::type_identity<std::tuple<Held...>>) {
  return std::tuple<Held...>{decode_argument<Held>(in)...};  // Braces evaluate from left to right.
}

}  // namespace detail
}  // namespace bulkhead
