#include "imaging/fast_jpeg.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "thumbjpeg/thumbjpeg.h"

namespace bulkhead::imaging {

namespace {

constexpr int kMaxEighths = 4;

DecodedPlane plane_of(const thumbjpeg::PlaneLayout& layout) {
  return {.samples = Plane(Extent{layout.width, layout.height},
                           Extent{layout.capacity_width, layout.capacity_height}),
          .width = layout.exact_width,
          .height = layout.exact_height};
}

bool are_alike(const std::vector<thumbjpeg::PlaneLayout>& layouts) {
  return std::ranges::all_of(layouts, [&](const thumbjpeg::PlaneLayout& layout) {
    return layout.width == layouts.front().width && layout.height == layouts.front().height;
  });
}

}  // namespace

std::optional<DecodedImage> decode_fast(std::span<const std::byte> file, int eighths,
                                        Chroma chroma) {
  thread_local thumbjpeg::Decoder decoder;
  if (eighths > kMaxEighths) {
    return std::nullopt;
  }
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(file.data());
  const auto layouts = decoder.open(std::span(bytes, file.size()), eighths);
  if (!layouts || (chroma == Chroma::Full && !are_alike(*layouts))) {
    return std::nullopt;
  }
  DecodedImage image;
  image.decoder = "thumbjpeg";
  std::vector<thumbjpeg::PlaneMemory> memory;
  for (const auto& layout : *layouts) {
    image.planes.push_back(plane_of(layout));
    Plane& samples = image.planes.back().samples;
    memory.push_back({.samples = samples.row(0), .stride = samples.stride()});
  }
  if (!decoder.decode(memory)) {
    return std::nullopt;
  }
  return image;
}

}  // namespace bulkhead::imaging
