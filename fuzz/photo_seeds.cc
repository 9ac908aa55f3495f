// Photos of every coding that app/imaging itself reads, small.

#include <cstdint>
#include <vector>

#include "photos/photo.h"
#include "raster_seeds.h"
#include "seed_inputs.h"

namespace bulkhead::fuzz {

using test_photos::Coding;
using test_photos::make_photo_bytes;
using test_photos::PhotoOptions;
using test_photos::Sampling;

using Bytes = std::vector<std::uint8_t>;

std::vector<Bytes> seed_inputs() {
  const std::vector<PhotoOptions> options = {
      {.width = 61, .height = 45, .orientation = 6},
      {.width = 200, .height = 37, .sampling = Sampling::S422, .restart_interval = 2},
      {.width = 64, .height = 64, .progressive = true},
      {.width = 90, .height = 70, .sampling = Sampling::S440, .progressive = true},
      {.width = 50, .height = 50, .coding = Coding::Grey},
      {.width = 40, .height = 56, .coding = Coding::InvertedYcck},
      {.width = 40, .height = 56, .coding = Coding::Cmyk, .progressive = true},
      {.width = 33, .height = 57, .sampling = Sampling::S411, .arithmetic = true},
      {.width = 300, .height = 240, .sampling = Sampling::S444, .orientation = 3}};
  std::vector<Bytes> photos = raster_seeds();
  for (const auto& option : options) {
    photos.push_back(make_photo_bytes(option));
  }
  return photos;
}

}  // namespace bulkhead::fuzz
