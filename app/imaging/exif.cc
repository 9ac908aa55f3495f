#include "imaging/exif.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

namespace bulkhead::imaging {

namespace {

constexpr std::array<std::uint8_t, 6> kExifSignature = {'E', 'x', 'i', 'f', 0, 0};
constexpr std::size_t kEntryBytes = 12;
constexpr std::uint32_t kOrientationTag = 0x0112;
constexpr std::uint32_t kTypeShort = 3;
constexpr std::uint32_t kTypeLong = 4;  // Not what the standard says, but written by some tools.

/// Reads numbers of a TIFF file; what lies outside of the bytes reads as nothing.
class TiffBytes {
 public:
  TiffBytes(std::span<const std::uint8_t> bytes, bool big_endian)
      : bytes_(bytes), big_endian_(big_endian) {}

  std::optional<std::uint32_t> read(std::size_t offset, std::size_t byte_count) const {
    if (offset > bytes_.size() || bytes_.size() - offset < byte_count) {
      return std::nullopt;
    }
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < byte_count; ++i) {
      value = value << 8 | bytes_[offset + (big_endian_ ? i : byte_count - 1 - i)];
    }
    return value;
  }

 private:
  std::span<const std::uint8_t> bytes_;
  bool big_endian_;
};

std::optional<TiffBytes> open_tiff(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < 2 || bytes[0] != bytes[1] || (bytes[0] != 'I' && bytes[0] != 'M')) {
    return std::nullopt;
  }
  return TiffBytes(bytes, bytes[0] == 'M');
}

std::optional<std::uint32_t> find_orientation(const TiffBytes& tiff) {
  const auto directory = tiff.read(4, 4);
  const auto entry_count = directory ? tiff.read(*directory, 2) : std::nullopt;
  for (std::size_t i = 0; i < entry_count.value_or(0); ++i) {
    const std::size_t entry = *directory + 2 + i * kEntryBytes;
    const auto tag = tiff.read(entry, 2);
    if (!tag) {
      return std::nullopt;
    }
    if (*tag != kOrientationTag) {
      continue;
    }
    const auto type = tiff.read(entry + 2, 2);
    if (type == kTypeShort) {
      return tiff.read(entry + 8, 2);
    }
    return type == kTypeLong ? tiff.read(entry + 8, 4) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

bool is_exif(std::span<const std::uint8_t> app1) {
  return app1.size() >= kExifSignature.size() &&
         std::equal(kExifSignature.begin(), kExifSignature.end(), app1.begin());
}

int exif_orientation(std::span<const std::uint8_t> app1) {
  return is_exif(app1) ? tiff_orientation(app1.subspan(kExifSignature.size())) : 1;
}

int tiff_orientation(std::span<const std::uint8_t> bytes) {
  const auto tiff = open_tiff(bytes);
  const std::uint32_t value = tiff ? find_orientation(*tiff).value_or(1) : 1;
  return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
}

}  // namespace bulkhead::imaging
