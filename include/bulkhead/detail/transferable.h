#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <system_error>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include <bulkhead/detail/fields.h>
#include <bulkhead/expected.h>

namespace bulkhead {

class Encoder;

/// What the compiler can tell of a type: whether its values mean the same in another process.
namespace detail {

template <class T, template <class...> class Template>
inline constexpr bool is_a = false;
template <class... A, template <class...> class Template>
inline constexpr bool is_a<Template<A...>, Template> = true;

template <class T>
inline constexpr bool is_std_array = false;
template <class T, std::size_t N>
inline constexpr bool is_std_array<std::array<T, N>> = true;

template <class T>
concept Scalar = std::is_arithmetic_v<T> || std::is_enum_v<T> || std::same_as<T, std::monostate>;

template <class T>
concept HasSerialize = requires(T& value, Encoder& archive) {
  value.serialize(archive);
};

/// Element of a container that is filled by insertion at its end.
template <class T>
concept Container = requires(T& container, const T& constant) {
  typename T::value_type;
  constant.begin();
  constant.end();
  constant.size();
  container.clear();
  container.insert(container.end(), std::declval<typename T::value_type>());
};

template <class T>
concept View = is_a<T, std::basic_string_view> || requires(const T& view) {
  []<class U, std::size_t N>(const std::span<U, N>&) {}(view);
};

/// It is, or holds, the address of something else; also where the compiler sees no pointer, as in
/// an error code, which holds that of its category.
template <class T>
concept Borrowed = std::is_pointer_v<T> || std::is_member_pointer_v<T> || std::is_reference_v<T> ||
    std::is_null_pointer_v<T> || View<T> || std::input_or_output_iterator<T> ||
    is_a<T, std::unique_ptr> || is_a<T, std::shared_ptr> || is_a<T, std::reference_wrapper> ||
    is_a<T, std::initializer_list> || std::same_as<T, std::error_code> ||
    std::same_as<T, std::error_condition>;

/// What an element of this container is while it travels: the key of a map must not be const.
template <class Value>
struct Element {
  using Type = Value;
};
template <class K, class V>
struct Element<std::pair<const K, V>> {
  using Type = std::pair<K, V>;
};

template <class... T>
struct Types {};

/// The types that a value of T consists of, where T is a template over them.
template <class T>
struct Parts;
template <class... A>
struct Parts<std::tuple<A...>> {
  using Type = Types<A...>;
};
template <class A, class B>
struct Parts<std::pair<A, B>> {
  using Type = Types<A, B>;
};
template <class... A>
struct Parts<std::variant<A...>> {
  using Type = Types<A...>;
};
template <class A>
struct Parts<std::optional<A>> {
  using Type = Types<A>;
};
template <class A, class E>
struct Parts<Expected<A, E>> {
  using Type = Types<std::conditional_t<std::is_void_v<A>, std::monostate, A>, E>;
};
template <class A, std::size_t N>
struct Parts<std::array<A, N>> {
  using Type = Types<A>;
};
template <class A, std::size_t N>
struct Parts<A[N]> {
  using Type = Types<A>;
};

template <class T>
concept HasParts = requires {
  typename Parts<T>::Type;
};

/// `Seen` are the aggregates that T lies in: one that contains itself, as a tree does, is asked
/// once.
template <class T, class Seen>
consteval bool can_cross();

template <class Seen, class... T>
consteval bool all_cross(Types<T...>) {
  return (can_cross<std::remove_cv_t<T>, Seen>() && ...);
}

template <class T, class... Seen>
consteval bool fields_cross(Types<Seen...>) {
  if constexpr ((std::same_as<T, Seen> || ...)) {
    return true;
  } else if constexpr (field_count<T>() > kMaxFields) {
    return false;
  } else {
    return decltype(with_fields(std::declval<T&>(), []<class... F>(F&...) {
      return std::bool_constant<all_cross<Types<T, Seen...>>(Types<F...>())>{};
    }))::value;
  }
}

template <class T, class Seen>
consteval bool can_cross() {
  if constexpr (Borrowed<T>) {
    return false;
  } else if constexpr (Scalar<T> || std::same_as<T, std::filesystem::path> || HasSerialize<T>) {
    return true;
  } else if constexpr (HasParts<T>) {
    return all_cross<Seen>(typename Parts<T>::Type());
  } else if constexpr (Container<T>) {
    return can_cross<typename Element<typename T::value_type>::Type, Seen>();
  } else if constexpr (std::is_aggregate_v<T>) {
    return fields_cross<T>(Seen());
  } else {
    // A class that hides its members: its author promises that a copy of its bytes is a copy of it.
    // (A lock has no copy and is no value.)
    return std::is_class_v<T> && std::is_trivially_copyable_v<T> &&
           std::is_move_constructible_v<T> && !std::is_empty_v<T>;
  }
}

}  // namespace detail
}  // namespace bulkhead
