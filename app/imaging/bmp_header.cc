#include "imaging/bmp_header.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <string>

namespace bulkhead::imaging {

namespace {

constexpr std::size_t kFileHeaderBytes = 14;
constexpr std::uint32_t kCoreHeaderBytes = 12;
constexpr std::uint32_t kInfoHeaderBytes = 40;
constexpr std::size_t kMasksOffset = kFileHeaderBytes + kInfoHeaderBytes;

enum Compression : std::uint32_t {
  kRgb = 0,
  kRle8 = 1,
  kRle4 = 2,
  kBitFields = 3,
  kAlphaBitFields = 6,
};

/// Numbers of the file, little end first; what lies outside of it reads as 0.
class Numbers {
 public:
  explicit Numbers(std::span<const std::uint8_t> file) : file_(file) {}

  std::uint32_t u16(std::size_t offset) const { return read(offset, 2); }
  std::uint32_t u32(std::size_t offset) const { return read(offset, 4); }
  std::uint8_t u8(std::size_t offset) const { return static_cast<std::uint8_t>(read(offset, 1)); }

 private:
  std::uint32_t read(std::size_t offset, std::size_t count) const {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count && offset + i < file_.size(); ++i) {
      value |= std::uint32_t{file_[offset + i]} << (8 * i);
    }
    return value;
  }

  std::span<const std::uint8_t> file_;
};

Unexpected<ImageError> damaged(std::string reason) {
  return Unexpected(ImageError{ImageFault::Damaged, std::move(reason)});
}

Unexpected<ImageError> unsupported(std::string reason) {
  return Unexpected(ImageError{ImageFault::Unsupported, std::move(reason)});
}

struct Reading {
  Numbers numbers;
  std::size_t file_bytes;
  std::uint32_t header_bytes;
  std::uint32_t compression = kRgb;
  BmpHeader bmp;

  bool is_core() const { return header_bytes == kCoreHeaderBytes; }
  void read_size();
  void read_masks();
  void read_palette();
  std::optional<ImageError> check() const;
};

void Reading::read_size() {
  if (is_core()) {
    bmp.size = {static_cast<int>(numbers.u16(18)), static_cast<int>(numbers.u16(20))};
    bmp.bits = static_cast<int>(numbers.u16(24));
    return;
  }
  const auto height = static_cast<std::int32_t>(numbers.u32(22));
  constexpr std::int32_t kNone = std::numeric_limits<std::int32_t>::min();
  bmp.size = {static_cast<std::int32_t>(numbers.u32(18)), height == kNone ? 0 : std::abs(height)};
  bmp.is_top_down = height < 0;
  bmp.bits = static_cast<int>(numbers.u16(28));
  compression = numbers.u32(30);
}

void Reading::read_masks() {
  if (compression == kRgb) {
    bmp.masks = bmp.bits == 16
                    ? std::array<std::uint32_t, 4>{0x7C00, 0x03E0, 0x001F, 0}
                    : std::array<std::uint32_t, 4>{0x00FF0000, 0x0000FF00, 0x000000FF, 0};
    return;
  }
  // Headers of 56 bytes and more hold the masks themselves, alpha among them.
  constexpr std::uint32_t kHeaderWithAlphaBytes = 56;
  const bool has_alpha = compression == kAlphaBitFields || header_bytes >= kHeaderWithAlphaBytes;
  for (std::size_t i = 0; i < (has_alpha ? 4U : 3U); ++i) {
    bmp.masks[i] = numbers.u32(kMasksOffset + 4 * i);
  }
}

void Reading::read_palette() {
  if (bmp.bits > 8) {
    return;
  }
  const std::size_t entry_bytes = is_core() ? 3 : 4;
  const std::size_t start = kFileHeaderBytes + header_bytes;
  bmp.palette.resize(std::size_t{1} << bmp.bits);
  for (std::size_t i = 0; i < bmp.palette.size(); ++i) {
    const std::size_t entry = start + i * entry_bytes;
    if (entry + entry_bytes <= std::max(bmp.pixels_offset, start)) {
      bmp.palette[i] = {numbers.u8(entry + 2), numbers.u8(entry + 1), numbers.u8(entry)};
    }
  }
}

std::optional<ImageError> Reading::check() const {
  static constexpr std::array kBits = {1, 2, 4, 8, 16, 24, 32};
  if (bmp.size.width < 1 || bmp.size.height < 1) {
    return ImageError{ImageFault::Damaged, "no picture in the file"};
  }
  if (std::ranges::find(kBits, bmp.bits) == kBits.end()) {
    return ImageError{ImageFault::Damaged,
                      "bitmap with " + std::to_string(bmp.bits) + " bits a pixel"};
  }
  const bool has_masks = compression == kBitFields || compression == kAlphaBitFields;
  const bool fits = compression == kRgb || (compression == kRle8 && bmp.bits == 8) ||
                    (compression == kRle4 && bmp.bits == 4) ||
                    (has_masks && (bmp.bits == 16 || bmp.bits == 32));
  if (!fits) {
    return ImageError{ImageFault::Unsupported,
                      "bitmap of compression " + std::to_string(compression) + " is not supported"};
  }
  if (bmp.pixels_offset >= file_bytes) {
    return ImageError{ImageFault::Damaged, "premature end of file"};
  }
  return std::nullopt;
}

}  // namespace

Expected<BmpHeader, ImageError> read_bmp_header(std::span<const std::uint8_t> file) {
  const Numbers numbers(file);
  Reading reading{.numbers = numbers,
                  .file_bytes = file.size(),
                  .header_bytes = numbers.u32(kFileHeaderBytes),
                  .bmp = {}};
  if (file.size() < kFileHeaderBytes + kCoreHeaderBytes) {
    return damaged("premature end of file");
  }
  if (!reading.is_core() &&
      (reading.header_bytes < kInfoHeaderBytes || reading.header_bytes > 124)) {
    return unsupported("bitmap with a header of " + std::to_string(reading.header_bytes) +
                       " bytes");
  }
  reading.bmp.pixels_offset = numbers.u32(10);
  reading.read_size();
  if (auto error = reading.check()) {
    return Unexpected(*std::move(error));
  }
  reading.read_masks();
  reading.read_palette();
  if (reading.compression == kRle8 || reading.compression == kRle4) {
    reading.bmp.coding = reading.compression == kRle8 ? BmpHeader::Coding::RunLengths8
                                                      : BmpHeader::Coding::RunLengths4;
  }
  return std::move(reading.bmp);
}

}  // namespace bulkhead::imaging
