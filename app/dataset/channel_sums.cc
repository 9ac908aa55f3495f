#include "dataset/channel_sums.h"

#include <algorithm>
#include <cmath>

namespace bulkhead::dataset {
namespace {

constexpr long double kMaxSample = 255;

template <std::size_t kChannels>
void add_samples(std::span<const std::byte> samples, ChannelSums& sums) {
  std::array<std::uint64_t, kChannels> values{};
  std::array<std::uint64_t, kChannels> squares{};
  for (std::size_t i = 0; i + kChannels <= samples.size(); i += kChannels) {
    for (std::size_t c = 0; c < kChannels; ++c) {
      const auto sample = std::to_integer<std::uint32_t>(samples[i + c]);
      values[c] += sample;
      squares[c] += sample * sample;
    }
  }
  for (std::size_t c = 0; c < kChannels; ++c) {
    sums.values[c] += values[c];
    sums.squares[c] += squares[c];
  }
  sums.pixels += samples.size() / kChannels;
}

}  // namespace

void ChannelSums::add(std::span<const std::byte> samples, std::size_t channels) {
  if (channels == 1) {
    add_samples<1>(samples, *this);
  } else {
    add_samples<3>(samples, *this);
  }
}

ChannelSums& ChannelSums::operator+=(const ChannelSums& other) {
  pixels += other.pixels;
  for (std::size_t c = 0; c < values.size(); ++c) {
    values[c] += other.values[c];
    squares[c] += other.squares[c];
  }
  return *this;
}

double ChannelSums::mean(std::size_t channel) const {
  if (pixels == 0) {
    return 0;
  }
  const long double sum = values[channel];
  return static_cast<double>(sum / (kMaxSample * pixels));
}

double ChannelSums::standard_deviation(std::size_t channel) const {
  if (pixels == 0) {
    return 0;
  }
  const long double count = pixels;
  const long double mean = values[channel] / count;
  const long double variance = squares[channel] / count - mean * mean;
  return static_cast<double>(std::sqrt(std::max(variance, 0.0L)) / kMaxSample);
}

}  // namespace bulkhead::dataset
