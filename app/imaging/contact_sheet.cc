#include "imaging/contact_sheet.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "imaging/thumbnail.h"

namespace bulkhead::imaging {

namespace {

constexpr std::size_t kChannels = 3;

ColourPicture filled(Extent extent, Colour colour) {
  ColourPicture picture;
  for (const std::uint8_t value : colour) {
    WidePlane& plane = picture.planes.emplace_back(extent);
    for (int y = 0; y < extent.height; ++y) {
      std::fill_n(plane.row(y), extent.width, static_cast<std::uint16_t>(value * 257));
    }
  }
  return picture;
}

Extent extent_of(std::size_t count, const SheetOptions& options) {
  const int pictures = static_cast<int>(count);
  const int columns = std::min(options.columns, pictures);
  const int rows = (pictures + options.columns - 1) / options.columns;
  return {options.gap + columns * (options.cell.width + options.gap),
          options.gap + rows * (options.cell.height + options.gap)};
}

}  // namespace

ContactSheet::ContactSheet(std::size_t count, const SheetOptions& options)
    : options_(options), sheet_(filled(extent_of(count, options), options.background)) {}

Expected<void, ImageError> ContactSheet::show(std::size_t place, std::span<const std::byte> file) {
  auto made = make_thumbnails(file, {.sizes = {{.box = options_.cell}},
                                     .encoding = {.format = OutputFormat::Samples},
                                     .background = options_.background});
  if (!made) {
    return Unexpected(std::move(made.error()));
  }
  const auto& [samples, size] = made->made.front();
  const std::size_t channels = samples.size() / area(size);
  const int column = static_cast<int>(place) % options_.columns;
  const int row = static_cast<int>(place) / options_.columns;
  const Extent at = {options_.gap + column * (options_.cell.width + options_.gap) +
                         (options_.cell.width - size.width) / 2,
                     options_.gap + row * (options_.cell.height + options_.gap) +
                         (options_.cell.height - size.height) / 2};
  for (std::size_t i = 0; i < area(size) * kChannels; ++i) {
    const std::size_t pixel = i / kChannels;
    const std::size_t channel = i % kChannels;
    const int x = static_cast<int>(pixel) % size.width;
    const int y = static_cast<int>(pixel) / size.width;
    const auto sample =
        static_cast<std::uint16_t>(samples[pixel * channels + std::min(channel, channels - 1)]);
    sheet_.planes[channel].row(at.height + y)[at.width + x] =
        static_cast<std::uint16_t>(sample * 257);
  }
  return {};
}

Expected<std::vector<std::byte>, ImageError> ContactSheet::encoded() const {
  return encode(sheet_, options_.encoding);
}

}  // namespace bulkhead::imaging
