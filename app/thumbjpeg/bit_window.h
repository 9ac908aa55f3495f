#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace thumbjpeg {

/// At least 57 bits from a position in bits on, the first one highest. Reads 8 bytes.
inline std::uint64_t bit_window(const std::uint8_t* bytes, std::uint64_t position) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes + (position >> 3), sizeof word);
  if constexpr (std::endian::native == std::endian::little) {
    word = __builtin_bswap64(word);
  }
  return word << (position & 7);
}

}  // namespace thumbjpeg
