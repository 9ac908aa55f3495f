#include "imaging/bmp_source.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <utility>

#include "imaging/bmp_header.h"

namespace bulkhead::imaging {

namespace {

using Bytes = std::span<const std::uint8_t>;

/// The pixels of a bitmap of run lengths as numbers of colours, the bottom row first. What the runs
/// leave out is colour 0.
class RunLengths {
 public:
  RunLengths(Extent size, bool is_4_bit)
      : size_(size),
        is_4_bit_(is_4_bit),
        colours_(std::size_t(size.width) * std::size_t(size.height)) {}

  void unpack(Bytes runs) {
    while (runs.size() >= 2 && !has_ended_) {
      const std::uint8_t count = runs[0];
      const std::uint8_t value = runs[1];
      runs = runs.subspan(2);
      if (count != 0) {
        repeat(count, value);
      } else if (value > 2) {
        runs = copy(value, runs);
      } else {
        runs = move(value, runs);
      }
    }
  }

  // Whether the runs said where they end, or came to the end of the last row.
  bool is_whole() const {
    return has_ended_ || y_ >= size_.height || (y_ == size_.height - 1 && x_ >= size_.width);
  }

  std::vector<std::uint8_t> colours() && { return std::move(colours_); }

 private:
  void put(std::uint8_t colour) {
    if (x_ < size_.width && y_ < size_.height) {
      colours_[std::size_t(y_) * std::size_t(size_.width) + std::size_t(x_++)] = colour;
    }
  }

  std::uint8_t colour_in(std::uint8_t byte, int index) const {
    if (!is_4_bit_) {
      return byte;
    }
    return index % 2 == 0 ? byte >> 4U : byte & 15U;
  }

  void repeat(int count, std::uint8_t value) {
    for (int i = 0; i < count; ++i) {
      put(colour_in(value, i));
    }
  }

  Bytes copy(int count, Bytes runs) {
    const int per_byte = is_4_bit_ ? 2 : 1;
    for (int i = 0; i < count && std::cmp_less(i / per_byte, runs.size()); ++i) {
      put(colour_in(runs[std::size_t(i / per_byte)], i));
    }
    const auto bytes = std::size_t((count + per_byte - 1) / per_byte);
    return runs.subspan(std::min(runs.size(), bytes + bytes % 2));
  }

  // 0: to the next row, 1: the end, 2: right and up by the next two bytes.
  Bytes move(int code, Bytes runs) {
    constexpr int kDelta = 2;
    if (code == kDelta && runs.size() >= 2) {
      x_ = std::min(size_.width, x_ + runs[0]);
      y_ = std::min(size_.height, y_ + runs[1]);
      return runs.subspan(2);
    }
    has_ended_ = code != 0;
    x_ = 0;
    ++y_;
    return runs;
  }

  Extent size_;
  bool is_4_bit_;
  std::vector<std::uint8_t> colours_;
  int x_ = 0;
  int y_ = 0;
  bool has_ended_ = false;
};

/// The part of a pixel that a mask shows, stretched to 8 bits.
std::uint8_t channel(std::uint32_t pixel, std::uint32_t mask) {
  if (mask == 0) {
    return 0;
  }
  const int shift = std::countr_zero(mask);
  const std::uint64_t whole = mask >> shift;
  return static_cast<std::uint8_t>((std::uint64_t{(pixel & mask) >> shift} * 255 + whole / 2) /
                                   whole);
}

class BmpSource : public RasterSource {
 public:
  BmpSource(Bytes file, BmpHeader bmp)
      : bmp_(std::move(bmp)), pixels_(file.subspan(bmp_.pixels_offset)), bits_(bmp_.bits) {
    header_.decoder = "bmp";
    header_.size = bmp_.size;
    header_.full_size = bmp_.size;
    if (bmp_.coding != BmpHeader::Coding::Plain) {
      unpack();
    }
    const std::size_t row_bits = std::size_t(bmp_.size.width) * std::size_t(bits_);
    row_bytes_ = (row_bits + 7) / 8;
    constexpr std::size_t kBitsPerWord = 32;
    row_step_ = bmp_.coding == BmpHeader::Coding::Plain
                    ? (row_bits + kBitsPerWord - 1) / kBitsPerWord * 4
                    : row_bytes_;
    if (!holds_row(bmp_.size.height - 1)) {
      header_.damage = "premature end of file";
    }
    header_.has_alpha = bmp_.masks[3] != 0 && shows_anything();
  }

  // Whether the file holds a row, counted as they are stored. Some writers leave out what pads the
  // last one.
  bool holds_row(int stored) const {
    return std::size_t(stored) * row_step_ + row_bytes_ <= pixels_.size();
  }

  const RasterHeader& header() const override { return header_; }

  Expected<std::span<const std::byte>, ImageError> read_row() override {
    row_.resize(std::size_t(bmp_.size.width) * (header_.has_alpha ? 4 : 3));
    const int stored = bmp_.is_top_down ? next_row_ : bmp_.size.height - 1 - next_row_;
    if (holds_row(stored)) {
      convert(row_at(stored));
    } else {
      // Mostly the last row is stored first, so that a short file lacks its top, and has the rest.
      std::ranges::fill(row_, std::uint8_t{0x80});
    }
    ++next_row_;
    return std::as_bytes(std::span(row_));
  }

 private:
  void unpack() {
    RunLengths runs(bmp_.size, bmp_.coding == BmpHeader::Coding::RunLengths4);
    runs.unpack(pixels_);
    if (!runs.is_whole()) {
      header_.damage = "premature end of file";
    }
    unpacked_ = std::move(runs).colours();
    pixels_ = unpacked_;
    bits_ = 8;
  }

  Bytes row_at(int stored) const {
    return pixels_.subspan(std::size_t(stored) * row_step_, row_bytes_);
  }

  // Whether any pixel is less than wholly transparent. Screenshots are written with an alpha of 0
  // everywhere, and no viewer takes that at its word.
  bool shows_anything() const {
    for (int row = 0; row < bmp_.size.height && holds_row(row); ++row) {
      const Bytes stored = row_at(row);
      for (std::size_t x = 0; std::cmp_less(x, bmp_.size.width); ++x) {
        if ((pixel_at(stored, x) & bmp_.masks[3]) != 0) {
          return true;
        }
      }
    }
    return false;
  }

  void convert(Bytes stored) {
    std::uint8_t* out = row_.data();
    for (std::size_t x = 0; std::cmp_less(x, bmp_.size.width); ++x) {
      if (bits_ <= 8) {
        const auto& rgb = bmp_.palette[colour_at(stored, x)];
        out = std::copy(rgb.begin(), rgb.end(), out);
      } else if (bits_ == 24) {
        out = std::reverse_copy(stored.data() + 3 * x, stored.data() + 3 * x + 3, out);
      } else {
        out = put_masked(stored, x, out);
      }
    }
  }

  std::size_t colour_at(Bytes stored, std::size_t x) const {
    const auto bits = static_cast<std::size_t>(bits_);
    const std::size_t per_byte = 8 / bits;
    const std::size_t shift = 8 - bits * (x % per_byte + 1);
    const std::size_t colour = (stored[x / per_byte] >> shift) & ((1U << bits) - 1);
    return std::min(colour, bmp_.palette.size() - 1);
  }

  std::uint32_t pixel_at(Bytes stored, std::size_t x) const {
    std::uint32_t pixel = 0;
    const auto bytes = static_cast<std::size_t>(bits_ / 8);
    for (std::size_t i = 0; i < bytes; ++i) {
      pixel |= std::uint32_t{stored[x * bytes + i]} << (8 * i);
    }
    return pixel;
  }

  std::uint8_t* put_masked(Bytes stored, std::size_t x, std::uint8_t* out) const {
    const std::uint32_t pixel = pixel_at(stored, x);
    for (std::size_t c = 0; c < (header_.has_alpha ? 4U : 3U); ++c) {
      *out++ = channel(pixel, bmp_.masks[c]);
    }
    return out;
  }

  BmpHeader bmp_;
  RasterHeader header_;
  Bytes pixels_;
  std::vector<std::uint8_t> unpacked_;
  int bits_ = 0;
  std::size_t row_bytes_ = 0;  // of the pixels of a row
  std::size_t row_step_ = 0;   // from one row to the next
  std::vector<std::uint8_t> row_;
  int next_row_ = 0;
};

}  // namespace

OpenedRaster open_bmp(std::span<const std::byte> file) {
  const Bytes bytes(reinterpret_cast<const std::uint8_t*>(file.data()), file.size());
  auto bmp = read_bmp_header(bytes);
  if (!bmp) {
    return Unexpected(std::move(bmp.error()));
  }
  constexpr std::uint64_t kMaxUnpackedPixels = 100'000'000;
  const auto pixels = std::uint64_t(bmp->size.width) * std::uint64_t(bmp->size.height);
  if (bmp->coding != BmpHeader::Coding::Plain && pixels > kMaxUnpackedPixels) {
    return Unexpected(
        ImageError{ImageFault::TooLarge, "bitmap of run lengths over 100 megapixels"});
  }
  auto source = std::make_unique<BmpSource>(bytes, *std::move(bmp));
  if (!source->holds_row(0)) {
    // Not a picture in grey, however wide a header of a few bytes says that it is.
    return Unexpected(ImageError{ImageFault::Damaged, "premature end of file"});
  }
  return source;
}

}  // namespace bulkhead::imaging
