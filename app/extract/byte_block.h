#pragma once

#include <cstddef>
#include <cstdint>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace bulkhead::extract {

/// 64 bytes that lie side by side, looked at together: bit i of a result is about byte i.
class ByteBlock {
 public:
  static constexpr std::size_t kBytes = 64;

  /// They stay where they are.
  explicit ByteBlock(const char* bytes) : bytes_(bytes) {}

  /// Which are equal to another.
  std::uint64_t equal_to(char wanted) const {
    std::uint64_t hits = 0;
#ifdef __SSE2__  // All x86-64 have it; no compiler makes it of the loop.
    const __m128i all_wanted = _mm_set1_epi8(wanted);
    for (std::size_t i = 0; i < kBytes; i += sizeof(__m128i)) {
      const __m128i part = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes_ + i));
      const int part_hits = _mm_movemask_epi8(_mm_cmpeq_epi8(part, all_wanted));
      hits |= std::uint64_t{static_cast<unsigned>(part_hits)} << i;
    }
#else
    for (std::size_t i = 0; i < kBytes; ++i) {
      hits |= std::uint64_t{bytes_[i] == wanted} << i;
    }
#endif
    return hits;
  }

 private:
  const char* bytes_;
};

/// The first `count` bits of all.
constexpr std::uint64_t first_bits(std::size_t count) {
  return count < ByteBlock::kBytes ? (std::uint64_t{1} << count) - 1 : ~std::uint64_t{0};
}

/// Those before the first bit that is set.
constexpr std::uint64_t bits_before(std::uint64_t bits) {
  return (bits & (~bits + 1)) - 1;
}

}  // namespace bulkhead::extract
