#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace bulkhead::dataset {

/// Sums over the samples of pictures, in whole numbers: the order in which they are added does not
/// matter. 2^48 pixels fit.
struct ChannelSums {
  std::uint64_t pixels = 0;
  std::array<std::uint64_t, 3> values = {};  ///< of each channel; grey has one
  std::array<std::uint64_t, 3> squares = {};

  /// Adds samples of 8 bits, interleaved; `channels` is 1 or 3.
  void add(std::span<const std::byte> samples, std::size_t channels);
  ChannelSums& operator+=(const ChannelSums& other);

  /// Of samples from 0 to 1; 0 of no pixels.
  double mean(std::size_t channel) const;
  /// That of the population.
  double standard_deviation(std::size_t channel) const;

  friend bool operator==(const ChannelSums&, const ChannelSums&) = default;
};

}  // namespace bulkhead::dataset
