#pragma once

#include <type_traits>
#include <utility>
#include <variant>

namespace bulkhead {

/// Wraps an error on its way into an Expected: `return Unexpected(error);`
template <class E>
class Unexpected {
 public:
  explicit Unexpected(E error) : error_(std::move(error)) {}
  E&& take() && { return std::move(error_); }

 private:
  E error_;
};

/// A value of type T, or the error E that stood in its way: the part of C++23's std::expected that
/// this library needs. T may be void. Reading the side that is not there is undefined behaviour.
template <class T, class E>
class [[nodiscard]] Expected {
  using Value = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

 public:
  using value_type = T;
  using error_type = E;

  Expected() requires std::is_void_v<T>
  = default;

  template <class U = Value>
  requires(!std::is_void_v<T> && std::is_constructible_v<Value, U&&> &&
           !std::is_same_v<std::remove_cvref_t<U>, Expected>) Expected(U&& value)
      : content_(std::in_place_index<0>, std::forward<U>(value)) {}

  Expected(Unexpected<E> error) : content_(std::in_place_index<1>, std::move(error).take()) {}

  bool has_value() const noexcept { return content_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  decltype(auto) value() & {
    if constexpr (!std::is_void_v<T>) {
      return static_cast<Value&>(*std::get_if<0>(&content_));
    }
  }
  decltype(auto) value() const& {
    if constexpr (!std::is_void_v<T>) {
      return static_cast<const Value&>(*std::get_if<0>(&content_));
    }
  }
  decltype(auto) value() && {
    if constexpr (!std::is_void_v<T>) {
      return static_cast<Value&&>(*std::get_if<0>(&content_));
    }
  }

  decltype(auto) operator*() & { return value(); }
  decltype(auto) operator*() const& { return value(); }
  decltype(auto) operator*() && { return std::move(*this).value(); }

  auto* operator->() requires(!std::is_void_v<T>) { return std::get_if<0>(&content_); }
  const auto* operator->() const requires(!std::is_void_v<T>) { return std::get_if<0>(&content_); }

  E& error() & { return *std::get_if<1>(&content_); }
  const E& error() const& { return *std::get_if<1>(&content_); }
  E&& error() && { return std::move(*std::get_if<1>(&content_)); }

 private:
  std::variant<Value, E> content_;
};

}  // namespace bulkhead
