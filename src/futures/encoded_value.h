#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <variant>

#include <bulkhead/codec.h>

namespace bulkhead::detail {

/// Encoded values; a few bytes lie in the object itself and take no memory beside it.
class EncodedValue {
 public:
  EncodedValue() = default;
  /// A copy.
  explicit EncodedValue(std::span<const std::byte> bytes) {
    if (lies_inside(bytes.size())) {
      auto& inside = held_.emplace<Inside>();
      inside.size = static_cast<std::uint8_t>(bytes.size());
      std::ranges::copy(bytes, inside.bytes.begin());
    } else {
      held_.emplace<Bytes>(bytes.begin(), bytes.end());
    }
  }
  explicit EncodedValue(Bytes bytes) : held_(std::move(bytes)) {}

  /// So many take no memory beside the object.
  static constexpr bool lies_inside(std::size_t bytes) { return bytes <= kMostInside; }

  /// Valid as long as this object, and where it is.
  std::span<const std::byte> bytes() const noexcept {
    if (const auto* inside = std::get_if<Inside>(&held_)) {
      return std::span(inside->bytes).first(inside->size);
    }
    return *std::get_if<Bytes>(&held_);
  }

 private:
  static constexpr std::size_t kMostInside = sizeof(Bytes) - 1;

  struct Inside {
    std::array<std::byte, kMostInside> bytes;
    std::uint8_t size;
  };

  std::variant<Inside, Bytes> held_;
};

}  // namespace bulkhead::detail
