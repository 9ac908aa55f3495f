#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

namespace bulkhead::transport {

inline constexpr double kWholeProgress = 4294967295.0;  ///< 2^32 - 1

/// How far a call is, as one word, so that a reader never sees the number of one call with the
/// progress of another. 0 says nothing: the number is stored plus one.
inline std::uint64_t pack_progress(std::uint64_t sequence, double fraction) noexcept {
  // Not a number is no progress: it fails every comparison.
  const double part = fraction > 0 ? std::min(fraction, 1.0) : 0.0;
  return ((sequence + 1) << 32U) | static_cast<std::uint32_t>(part * kWholeProgress);
}

/// The progress from 0 to 1, whatever the word is; nullopt: it is not of this call.
inline std::optional<double> unpack_progress(std::uint64_t word, std::uint64_t sequence) noexcept {
  if (word >> 32U != ((sequence + 1) & 0xFFFFFFFFU)) {
    return std::nullopt;
  }
  return static_cast<double>(word & 0xFFFFFFFFU) / kWholeProgress;
}

}  // namespace bulkhead::transport
