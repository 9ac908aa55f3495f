#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace thumbjpeg {

/// Bits that a window has wherever it begins.
constexpr int kSureWindowBits = 57;

/// At least kSureWindowBits bits from a position in bits on, the first one highest. Reads 8 bytes.
inline std::uint64_t bit_window(const std::uint8_t* bytes, std::uint64_t position) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes + (position >> 3), sizeof word);
  if constexpr (std::endian::native == std::endian::little) {
    word = __builtin_bswap64(word);
  }
  return word << (position & 7);
}

/// The value that `size` extra bits mean (T.81, F.2.2.1): they are the lowest ones.
inline std::int32_t extended(std::uint64_t bits, std::uint32_t size) {
  const std::uint32_t mask = (1U << size) - 1;
  const std::uint32_t value = static_cast<std::uint32_t>(bits) & mask;
  const std::uint32_t is_positive = value >> ((size - 1) & 31);
  return static_cast<std::int32_t>(value - ((is_positive - 1) & mask));
}

}  // namespace thumbjpeg
