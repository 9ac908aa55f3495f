// Photos as thumbjpeg decodes them: cut into ranges, in restart intervals, short,
// progressive.

#include <cstdint>
#include <vector>

#include "photos/photo.h"
#include "seed_inputs.h"

namespace bulkhead::fuzz {

using test_photos::Coding;
using test_photos::make_photo_bytes;
using test_photos::PhotoOptions;
using test_photos::Sampling;

using Bytes = std::vector<std::uint8_t>;

std::vector<Bytes> seed_inputs() {
  const std::vector<PhotoOptions> options = {
      {.width = 61, .height = 45},
      {.width = 300, .height = 200, .sampling = Sampling::S444, .quality = 98},
      {.width = 400, .height = 240, .quality = 95},
      {.width = 400, .height = 300, .coding = Coding::Grey, .quality = 95},
      {.width = 200, .height = 137, .sampling = Sampling::S422, .restart_interval = 2},
      {.width = 320, .height = 200, .restart_interval = 20, .quality = 90},
      {.width = 400,
       .height = 200,
       .sampling = Sampling::S444,
       .restart_interval = 1000,
       .quality = 97},
      {.width = 190, .height = 170, .sampling = Sampling::S440, .quality = 97},
      {.width = 233, .height = 157, .sampling = Sampling::S411, .quality = 97},
      {.width = 200, .height = 137, .progressive = true, .quality = 90},
      {.width = 150,
       .height = 120,
       .sampling = Sampling::S444,
       .progressive = true,
       .restart_interval = 5,
       .quality = 60},
      {.width = 120, .height = 90, .coding = Coding::Grey, .progressive = true, .quality = 98}};
  std::vector<Bytes> photos;
  for (const auto& option : options) {
    photos.push_back(make_photo_bytes(option));
  }
  return photos;
}

}  // namespace bulkhead::fuzz
