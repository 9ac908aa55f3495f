#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <bulkhead/decoder.h>
#include <bulkhead/detail/fields.h>
#include <bulkhead/detail/transferable.h>
#include <bulkhead/encoder.h>
#include <bulkhead/expected.h>

/// How values cross from one process to another.
///
/// What may cross: arithmetic types, enums, std::string, std::filesystem::path, the standard
/// containers, pair, tuple, optional, variant, Expected, trivially copyable classes, and
///  - any aggregate of such types with up to 24 fields, without a line of code; it may contain
///    itself in a container; elements of a built-in array count as fields (a std::array is one),
///    and it must have no base class and no bit-field;
///  - any class with a member `template <class Archive> void serialize(Archive& archive)` that says
///    `archive(field_, other_field_);`, and a default constructor.
/// What may not: pointers, references, views, iterators, locks: they mean nothing in another
/// process.
///
/// The arguments of a task, what is bound to its function and its result may have nearly 8 GiB
/// each, Encoder::kMostBytes; encoding more throws SerializationError.
///
/// Format: the bytes of the value in memory order of this machine; a container is its number of
/// elements (8 bytes), then the elements. Both ends are the same program; it is not for files.
namespace bulkhead {

/// Values of this type can be arguments and results of tasks.
template <class T>
concept Transferable = detail::can_cross<std::remove_cv_t<T>, detail::Types<>>();

namespace detail {

template <class T>
consteval bool is_flat();

template <class... T>
consteval bool all_flat() {
  return (is_flat<std::remove_cv_t<T>>() && ...);
}

/// Every pattern of bytes is a value of T: of a bool, an optional or a variant it is not, and bytes
/// from a hostile worker must not make one that breaks their rules.
template <class T>
consteval bool is_flat() {
  if constexpr (!std::is_trivially_copyable_v<T> || HasSerialize<T> || std::same_as<T, bool> ||
                std::same_as<T, std::monostate> || is_a<T, std::optional> ||
                is_a<T, std::variant> || is_a<T, std::tuple> || is_a<T, std::pair> ||
                is_a<T, Expected>) {
    return false;
  } else if constexpr (std::is_array_v<T>) {
    return is_flat<std::remove_all_extents_t<T>>();
  } else if constexpr (is_std_array<T>) {
    return is_flat<typename T::value_type>();
  } else if constexpr (std::is_class_v<T> && std::is_aggregate_v<T>) {
    return decltype(with_fields(std::declval<T&>(), []<class... F>(F&...) {
      return std::bool_constant<all_flat<F...>()>{};
    }))::value;
  } else {
    return true;
  }
}

/// Its bytes in memory are the value: copied as a block, alone or as an element of a vector.
template <class T>
concept Flat = is_flat<T>();

template <class T>
concept FlatVector = is_a<T, std::vector> && Flat<typename T::value_type>;

template <class T>
void encode(Encoder& out, const T& value);
template <class T>
T decode(Decoder& in);

template <class T>
void encode_range(Encoder& out, const T& container) {
  out.count(static_cast<std::size_t>(container.size()));
  for (const auto& element : container) {
    const std::size_t before = out.size();
    encode<typename Element<typename T::value_type>::Type>(out, element);
    if (out.size() == before) {
      out(std::byte{});  // Elements without a byte would let a number stand for any amount of them.
    }
  }
}

template <class T>
T decode_range(Decoder& in) {
  using Item = typename Element<typename T::value_type>::Type;
  T container;
  const Decoder::Nesting inside(in);
  for (std::size_t left = in.count(1); left > 0; --left) {
    const std::size_t before = in.bytes_left();
    container.insert(container.end(), decode<Item>(in));
    if (in.bytes_left() == before) {
      in.take(1);
    }
  }
  return container;
}

template <class T>
T decode_variant(Decoder& in) {
  const auto index = decode<std::uint64_t>(in);
  std::optional<T> value;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    ((I == index ? void(value.emplace(std::in_place_index<I>,
                                      decode<std::variant_alternative_t<I, T>>(in)))
                 : void()),
     ...);
  }
  (std::make_index_sequence<std::variant_size_v<T>>{});
  if (!value) {
    Decoder::fail();
  }
  return std::move(*value);
}

template <class T>
T decode_expected(Decoder& in) {
  if (!decode<bool>(in)) {
    return Unexpected(decode<typename T::error_type>(in));
  }
  if constexpr (std::is_void_v<typename T::value_type>) {
    return T{};
  } else {
    return decode<typename T::value_type>(in);
  }
}

/// Braces evaluate from left to right, so the fields are read in the order they were written.
template <class T, std::size_t... I>
T decode_tuple(Decoder& in, std::index_sequence<I...>) {
  return T{decode<std::tuple_element_t<I, T>>(in)...};
}

template <class T>
T decode_flat(Decoder& in) {
  // memcpy into raw storage: T need not have a default constructor.
  alignas(T) std::byte storage[sizeof(T)];
  in.raw(storage, sizeof(T));
  return *std::launder(reinterpret_cast<T*>(storage));
}

/// Text, and vectors of flat elements.
template <class T>
T decode_block(Decoder& in) {
  using Item = typename T::value_type;
  const std::size_t items = in.count(sizeof(Item));
  const auto bytes = in.take(items * sizeof(Item));
  T block;
  if constexpr (requires { block.reserve(items); }) {
    block.reserve(items);
    expect_filling(block.data(), bytes.size());
  }
  if (reinterpret_cast<std::uintptr_t>(bytes.data()) % alignof(Item) == 0) {
    const auto* first = reinterpret_cast<const Item*>(bytes.data());
    block.assign(first, first + items);  // Copies the block, and zeroes nothing before.
  } else if (items != 0) {
    block.resize(items);
    std::memcpy(block.data(), bytes.data(), bytes.size());
  }
  return block;
}

template <class T>
T decode_fields(Decoder& in) {
  T value{};
  with_fields(value, [&in](auto&... field) { in(field...); });
  return value;
}

template <class T>
void encode(Encoder& out, const T& value) {
  if constexpr (std::same_as<T, std::monostate>) {
  } else if constexpr (HasSerialize<T>) {
    const_cast<T&>(value).serialize(out);  // One member serves both ways; the encoder only reads.
  } else if constexpr (std::same_as<T, std::filesystem::path>) {
    encode(out, value.native());
  } else if constexpr (is_a<T, std::basic_string> || FlatVector<T>) {
    out.count(value.size());
    out.raw(value.data(), value.size() * sizeof(typename T::value_type));
  } else if constexpr (is_a<T, std::pair> || is_a<T, std::tuple>) {
    std::apply([&out](const auto&... part) { out(part...); }, value);
  } else if constexpr (is_a<T, std::optional>) {
    out(value.has_value());
    if (value) {
      out(*value);
    }
  } else if constexpr (is_a<T, std::variant>) {
    out(static_cast<std::uint64_t>(value.index()));
    std::visit([&out](const auto& held) { out(held); }, value);
  } else if constexpr (is_a<T, Expected>) {
    out(value.has_value());
    if (!value) {
      out(value.error());
    } else if constexpr (!std::is_void_v<typename T::value_type>) {
      out(*value);
    }
  } else if constexpr (std::same_as<T, bool>) {
    const unsigned char byte = value ? 1 : 0;
    out.raw(&byte, 1);
  } else if constexpr (Flat<T>) {
    out.raw(&value, sizeof value);
  } else if constexpr (is_std_array<T> || std::is_array_v<T>) {
    for (const auto& element : value) {
      out(element);
    }
  } else if constexpr (Container<T>) {
    encode_range(out, value);
  } else {
    with_fields(value, [&out](const auto&... field) { out(field...); });
  }
}

template <class T>
T decode(Decoder& in) {
  if constexpr (std::same_as<T, std::monostate>) {
    return {};
  } else if constexpr (HasSerialize<T>) {
    T value{};
    value.serialize(in);
    return value;
  } else if constexpr (std::same_as<T, std::filesystem::path>) {
    return T(decode<std::string>(in));
  } else if constexpr (is_a<T, std::basic_string> || FlatVector<T>) {
    return decode_block<T>(in);
  } else if constexpr (is_a<T, std::pair> || is_a<T, std::tuple>) {
    return decode_tuple<T>(in, std::make_index_sequence<std::tuple_size_v<T>>{});
  } else if constexpr (is_a<T, std::optional>) {
    return decode<bool>(in) ? T(decode<typename T::value_type>(in)) : T();
  } else if constexpr (is_a<T, std::variant>) {
    return decode_variant<T>(in);
  } else if constexpr (is_a<T, Expected>) {
    return decode_expected<T>(in);
  } else if constexpr (std::same_as<T, bool>) {
    return decode<unsigned char>(in) != 0;  // Any other byte than 0 and 1 in a bool is undefined.
  } else if constexpr (Flat<T>) {
    return decode_flat<T>(in);
  } else if constexpr (is_std_array<T>) {
    T value{};
    for (auto& element : value) {
      in(element);
    }
    return value;
  } else if constexpr (Container<T>) {
    return decode_range<T>(in);
  } else {
    return decode_fields<T>(in);
  }
}

}  // namespace detail

template <class... T>
void Encoder::operator()(const T&... values) {
  (detail::encode<T>(*this, values), ...);
}

template <class... T>
void Decoder::operator()(T&... values) {
  const auto into = [this]<class V>(V& value) {
    if constexpr (std::is_array_v<V>) {
      for (auto& element : value) {
        (*this)(element);
      }
    } else {
      value = detail::decode<V>(*this);
    }
  };
  (into(values), ...);
}

}  // namespace bulkhead
