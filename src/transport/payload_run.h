#pragma once

#include <cstddef>
#include <span>

namespace bulkhead::transport {

/// Payloads of equal size that lie at equal distances, `count` of them, 1 or more. Those in a ring
/// may still be changed by a hostile writer.
struct PayloadRun {
  const std::byte* first = nullptr;
  std::size_t bytes = 0;     ///< of each
  std::size_t distance = 0;  ///< from one to the next, at least `bytes`
  std::size_t count = 0;

  /// A single one.
  static PayloadRun of(std::span<const std::byte> payload) {
    return {payload.data(), payload.size(), payload.size(), 1};
  }

  std::span<const std::byte> operator[](std::size_t at) const {
    return {first + at * distance, bytes};
  }
  PayloadRun part(std::size_t from, std::size_t of_count) const {
    return {first + from * distance, bytes, distance, of_count};
  }
};

}  // namespace bulkhead::transport
