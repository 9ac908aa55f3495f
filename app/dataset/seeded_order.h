#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "dataset/sha256.h"

namespace bulkhead::dataset {

/// A number that a seed and a text decide about, on every machine alike: the first 8 bytes, as a
/// big-endian number, of the SHA-256 of the seed in decimal digits, a NUL and the text.
inline std::uint64_t seeded_number(std::uint64_t seed, std::string_view text) {
  std::string seeded = std::to_string(seed);
  seeded += '\0';
  seeded += text;
  const Sha256 hash = sha256_of(seeded);
  std::uint64_t number = 0;
  for (int i = 0; i < 8; ++i) {
    number = number << 8U | hash[static_cast<std::size_t>(i)];
  }
  return number;
}

}  // namespace bulkhead::dataset
