#include <algorithm>
#include <array>

#include "photos/photo.h"

namespace bulkhead::test_photos {

namespace {

using Colour = std::array<int, 3>;

/// Marsaglia's xorshift32: the same numbers on every machine.
class Random {
 public:
  explicit Random(std::uint32_t seed) : state_(seed * 2654435761U + 1013904223U) {
    state_ = state_ == 0 ? 1 : state_;
  }

  std::uint32_t next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return state_;
  }

  int below(int limit) { return static_cast<int>(next() % static_cast<std::uint32_t>(limit)); }
  Colour colour() { return {below(256), below(256), below(256)}; }

 private:
  std::uint32_t state_;
};

std::uint8_t clamped(int value) {
  return static_cast<std::uint8_t>(std::clamp(value, 0, 255));
}

void set(std::uint8_t* pixel, const Colour& colour) {
  std::transform(colour.begin(), colour.end(), pixel, clamped);
}

/// Sky above ground, both brighter to the right.
void draw_backdrop(Pixels& picture, Random& random) {
  const Colour sky = {90 + random.below(80), 130 + random.below(80), 170 + random.below(80)};
  const Colour ground = {70 + random.below(90), 80 + random.below(70), 30 + random.below(60)};
  const int horizon = picture.height / 2 + random.below(picture.height / 4 + 1);
  for (int y = 0; y < picture.height; ++y) {
    const Colour& base = y < horizon ? sky : ground;
    const int fade =
        y < horizon ? -y * 60 / picture.height : (picture.height - y) * 50 / picture.height;
    for (int x = 0; x < picture.width; ++x) {
      const int light = fade + x * 40 / picture.width;
      set(picture.at(x, y), {base[0] + light, base[1] + light, base[2] + light});
    }
  }
}

void draw_disc(Pixels& picture, Random& random) {
  const Colour colour = random.colour();
  const int radius = 1 + std::min(picture.width, picture.height) * (2 + random.below(12)) / 100;
  const int left = random.below(picture.width);
  const int top = random.below(picture.height);
  for (int y = std::max(0, top - radius); y < std::min(picture.height, top + radius); ++y) {
    for (int x = std::max(0, left - radius); x < std::min(picture.width, left + radius); ++x) {
      const int dx = x - left;
      const int dy = y - top;
      if (dx * dx + dy * dy < radius * radius) {
        const int shade = -(dx + dy) * 40 / radius;
        set(picture.at(x, y), {colour[0] + shade, colour[1] + shade, colour[2] + shade});
      }
    }
  }
}

/// A block of stripes: fine detail that a bad resizer turns into moire.
void draw_stripes(Pixels& picture, Random& random) {
  const Colour colour = random.colour();
  const int period = 2 + random.below(24);
  const int left = random.below(picture.width);
  const int top = random.below(picture.height);
  const int right = std::min(picture.width, left + 1 + picture.width / 6);
  const int bottom = std::min(picture.height, top + 1 + picture.height / 6);
  for (int y = top; y < bottom; ++y) {
    for (int x = left; x < right; ++x) {
      if ((x + y / 2) % period < period / 2) {
        set(picture.at(x, y), colour);
      }
    }
  }
}

/// Noise as of a sensor: mostly brightness, a little colour.
void add_noise(Pixels& picture, Random& random) {
  constexpr std::size_t kTile = 1 << 14;
  std::array<std::int8_t, kTile> tile{};
  std::generate(tile.begin(), tile.end(),
                [&] { return static_cast<std::int8_t>(random.below(7) + random.below(7) - 6); });
  for (int y = 0; y < picture.height; ++y) {
    std::size_t position = random.next() % kTile;
    for (auto *sample = picture.at(0, y), *end = sample + std::ptrdiff_t{3} * picture.width;
         sample != end; ++sample) {
      *sample = clamped(*sample + tile[position++ % kTile]);
    }
  }
}

}  // namespace

Pixels draw_photo(int width, int height, std::uint32_t seed) {
  Pixels picture{width, height, {}};
  picture.rgb.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
  Random random(seed);
  draw_backdrop(picture, random);
  for (int i = 0; i < 12; ++i) {
    draw_disc(picture, random);
  }
  for (int i = 0; i < 4; ++i) {
    draw_stripes(picture, random);
  }
  add_noise(picture, random);
  return picture;
}

}  // namespace bulkhead::test_photos
