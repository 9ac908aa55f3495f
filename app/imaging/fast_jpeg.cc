#include "imaging/fast_jpeg.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace bulkhead::imaging {

namespace {

constexpr int kMaxEighths = 4;

std::span<const std::uint8_t> as_numbers(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

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

std::optional<FastJpeg> FastJpeg::open(std::span<const std::byte> file, int eighths,
                                       Chroma chroma) {
  thread_local thumbjpeg::Decoder decoder;
  if (eighths > kMaxEighths) {
    return std::nullopt;
  }
  auto layouts = decoder.open(as_numbers(file), eighths);
  if (!layouts || (chroma == Chroma::Full && !are_alike(*layouts))) {
    return std::nullopt;
  }
  return FastJpeg(decoder, *std::move(layouts));
}

template <class Decode>
std::optional<DecodedImage> FastJpeg::fill_planes(Decode decode) {
  DecodedImage image;
  image.decoder = "thumbjpeg";
  std::vector<thumbjpeg::PlaneMemory> memory;
  for (const auto& layout : layouts_) {
    image.planes.push_back(plane_of(layout));
    Plane& samples = image.planes.back().samples;
    memory.push_back({.samples = samples.row(0), .stride = samples.stride()});
  }
  if (!decode(memory)) {
    return std::nullopt;
  }
  return image;
}

std::optional<DecodedImage> FastJpeg::decode() {
  return fill_planes([this](const auto& planes) { return decoder_->decode(planes); });
}

std::optional<thumbjpeg::ByteRange> FastJpeg::range_of(thumbjpeg::SectionNumber number,
                                                       std::size_t file_bytes) {
  return decoder_->range_of(number, file_bytes);
}

std::optional<thumbjpeg::Section> FastJpeg::decode_section(thumbjpeg::SectionNumber number,
                                                           std::size_t file_bytes,
                                                           std::span<const std::byte> range) {
  return decoder_->decode_section(number, file_bytes, as_numbers(range));
}

std::optional<DecodedImage> FastJpeg::join(std::span<const thumbjpeg::Section> sections) {
  return fill_planes([&](const auto& planes) { return decoder_->join(sections, planes); });
}

}  // namespace bulkhead::imaging
