#include "imaging/exif.h"

#include <algorithm>
#include <array>
#include <optional>

#include "imaging/tiff_bytes.h"

namespace bulkhead::imaging {

namespace {

constexpr std::array<std::uint8_t, 6> kExifSignature = {'E', 'x', 'i', 'f', 0, 0};
constexpr std::uint32_t kOrientationTag = 0x0112;

}  // namespace

bool is_exif(std::span<const std::uint8_t> app1) {
  return app1.size() >= kExifSignature.size() &&
         std::equal(kExifSignature.begin(), kExifSignature.end(), app1.begin());
}

int exif_orientation(std::span<const std::uint8_t> app1) {
  return is_exif(app1) ? tiff_orientation(app1.subspan(kExifSignature.size())) : 1;
}

int tiff_orientation(std::span<const std::uint8_t> bytes) {
  const auto tiff = TiffBytes::open(bytes);
  const auto directory = tiff ? tiff->first_directory() : std::nullopt;
  const std::uint32_t value = directory ? tiff->value(*directory, kOrientationTag).value_or(1) : 1;
  return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
}

}  // namespace bulkhead::imaging
