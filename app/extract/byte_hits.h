#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace bulkhead::extract {

/// Which of 64 bytes that lie side by side are equal to one of two others.
class ByteHits {
 public:
  static constexpr std::size_t kBytes = 64;

  ByteHits(const char* bytes, char one, char other) {
    // A loop that the compiler makes SIMD of.
    std::array<char, kBytes> is_hit;
    for (std::size_t i = 0; i < kBytes; ++i) {
      is_hit[i] = static_cast<char>(static_cast<int>(bytes[i] == one) |
                                    static_cast<int>(bytes[i] == other));
    }
    for (std::size_t i = 0; i < kBytes; i += kWord) {
      hits_ |= packed(is_hit.data() + i) << i;
    }
  }

  /// Forgets those from this place on.
  void keep_first(std::size_t bytes) {
    if (bytes < kBytes) {
      hits_ &= (std::uint64_t{1} << bytes) - 1;
    }
  }

  explicit operator bool() const { return hits_ != 0; }
  /// The place of the first one, which there is; it is gone then.
  std::size_t take() {
    const auto place = static_cast<std::size_t>(std::countr_zero(hits_));
    hits_ &= hits_ - 1;
    return place;
  }

 private:
  static constexpr std::size_t kWord = sizeof(std::uint64_t);

  // Eight bytes that are 0 or 1 as eight bits: the product has the lowest bit of byte i in bit 56 +
  // i, and nothing that is carried there.
  static std::uint64_t packed(const char* flags) {
    constexpr std::uint64_t kGather = 0x0102040810204080;
    constexpr unsigned kGathered = 56;
    std::uint64_t word = 0;
    std::memcpy(&word, flags, kWord);
    if constexpr (std::endian::native == std::endian::big) {
      word = __builtin_bswap64(word);
    }
    return (word * kGather) >> kGathered;
  }

  std::uint64_t hits_ = 0;
};

}  // namespace bulkhead::extract
