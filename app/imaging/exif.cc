#include "imaging/exif.h"

#include <algorithm>
#include <array>
#include <optional>

#include "imaging/tiff_bytes.h"

namespace bulkhead::imaging {

namespace {

constexpr std::array<std::uint8_t, 6> kExifSignature = {'E', 'x', 'i', 'f', 0, 0};
constexpr std::uint32_t kOrientationTag = 0x0112;
constexpr std::uint32_t kPreviewOffsetTag = 0x0201;
constexpr std::uint32_t kPreviewLengthTag = 0x0202;

}  // namespace

bool is_exif(std::span<const std::uint8_t> app1) {
  return app1.size() >= kExifSignature.size() &&
         std::equal(kExifSignature.begin(), kExifSignature.end(), app1.begin());
}

std::span<const std::uint8_t> exif_structure(std::span<const std::uint8_t> app1) {
  return is_exif(app1) ? app1.subspan(kExifSignature.size()) : std::span<const std::uint8_t>();
}

std::span<const std::byte> tiff_structure(std::span<const std::byte> exif) {
  const auto structure =
      exif_structure({reinterpret_cast<const std::uint8_t*>(exif.data()), exif.size()});
  return structure.empty() ? exif : std::as_bytes(structure);
}

int exif_orientation(std::span<const std::uint8_t> app1) {
  return tiff_orientation(exif_structure(app1));
}

std::span<const std::uint8_t> exif_preview(std::span<const std::uint8_t> app1) {
  return tiff_preview(exif_structure(app1));
}

std::span<const std::uint8_t> tiff_preview(std::span<const std::uint8_t> bytes) {
  const auto tiff = TiffBytes::open(bytes);
  const auto first = tiff ? tiff->first_directory() : std::nullopt;
  const auto second = first ? tiff->next_directory(*first) : std::nullopt;
  if (!second || *second == 0) {
    return {};
  }
  const std::size_t offset = tiff->value(*second, kPreviewOffsetTag).value_or(0);
  const std::size_t length = tiff->value(*second, kPreviewLengthTag).value_or(0);
  if (offset == 0 || offset > bytes.size()) {
    return {};
  }
  return bytes.subspan(offset, std::min(length, bytes.size() - offset));
}

int tiff_orientation(std::span<const std::uint8_t> bytes) {
  const auto tiff = TiffBytes::open(bytes);
  const auto directory = tiff ? tiff->first_directory() : std::nullopt;
  const std::uint32_t value = directory ? tiff->value(*directory, kOrientationTag).value_or(1) : 1;
  return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
}

}  // namespace bulkhead::imaging
