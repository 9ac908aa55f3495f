#include "vips/cut_png.h"

#include <png.h>

#include <algorithm>
#include <bit>
#include <csetjmp>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace bulkhead::vips {

namespace {

using imaging::ColourModel;
using imaging::ImageError;
using imaging::ImageFault;
using imaging::RasterHeader;

/// Of the pixels' bytes that are read at once. The last ones are lost that do not fill a portion.
constexpr std::size_t kPortionBytes = 256;

/// The structures of libpng, and where it reads.
struct Codec {
  explicit Codec(std::span<const std::byte> bytes) : rest(bytes) {}
  Codec(const Codec&) = delete;
  Codec& operator=(const Codec&) = delete;
  ~Codec() { png_destroy_read_struct(&png, &about, nullptr); }

  png_structp png = nullptr;
  png_infop about = nullptr;
  std::span<const std::byte> rest;
  std::string message;
};

void on_error(png_structp png, png_const_charp message) {
  static_cast<Codec*>(png_get_error_ptr(png))->message = message;
  png_longjmp(png, 1);
}

void on_warning(png_structp, png_const_charp) {}

void read_bytes(png_structp png, png_bytep bytes, std::size_t count) {
  auto& codec = *static_cast<Codec*>(png_get_io_ptr(png));
  if (codec.rest.size() < count) {
    png_error(png, "premature end of file");
  }
  std::memcpy(bytes, codec.rest.data(), count);
  codec.rest = codec.rest.subspan(count);
}

/// Runs what calls libpng; false when that failed. Nothing with a destructor may live in there.
template <class Step>
bool guarded(Codec& codec, const Step& step) {
  if (setjmp(png_jmpbuf(codec.png)) != 0) {
    return false;
  }
  step();
  return true;
}

/// Has samples come as grey or RGB of 8 or 16 bits, perhaps with alpha.
void expand_samples(png_structp png) {
  png_set_expand(png);
  if constexpr (std::endian::native == std::endian::little) {
    png_set_swap(png);
  }
}

class CutPng : public imaging::RasterSource {
 public:
  CutPng(std::span<const std::byte> file, RasterHeader header)
      : codec_(file), header_(std::move(header)) {}

  bool read_header() {
    codec_.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &codec_, on_error, on_warning);
    if (codec_.png == nullptr) {
      return false;
    }
    const bool is_read = guarded(codec_, [this] {
      codec_.about = png_create_info_struct(codec_.png);
      png_set_read_fn(codec_.png, &codec_, read_bytes);
      png_set_compression_buffer_size(codec_.png, kPortionBytes);
      png_set_crc_action(codec_.png, PNG_CRC_WARN_USE, PNG_CRC_WARN_USE);
      png_read_info(codec_.png, codec_.about);
      expand_samples(codec_.png);
      passes_ = png_set_interlace_handling(codec_.png);
      png_read_update_info(codec_.png, codec_.about);
    });
    if (is_read) {
      describe();
    }
    return is_read;
  }

  const std::string& message() const { return codec_.message; }

  const RasterHeader& header() const override { return header_; }

  Expected<std::span<const std::byte>, ImageError> read_row() override {
    if (pixels_.empty()) {
      read_pixels();
    }
    if (next_row_ == complete_rows_) {
      return Unexpected(ImageError{ImageFault::Damaged, codec_.message});
    }
    return std::span(pixels_).subspan(next_row_++ * row_bytes_, row_bytes_);
  }

 private:
  void describe() {
    const png_byte type = png_get_color_type(codec_.png, codec_.about);
    header_.size = {static_cast<int>(png_get_image_width(codec_.png, codec_.about)),
                    static_cast<int>(png_get_image_height(codec_.png, codec_.about))};
    header_.full_size = header_.size;
    header_.colour = (type & PNG_COLOR_MASK_COLOR) != 0 ? ColourModel::Rgb : ColourModel::Grey;
    header_.has_alpha = (type & PNG_COLOR_MASK_ALPHA) != 0;
    header_.sample_bytes = png_get_bit_depth(codec_.png, codec_.about) == 16 ? 2 : 1;
    header_.is_streamed = false;
    row_bytes_ = png_get_rowbytes(codec_.png, codec_.about);
  }

  /// Until they break off. Rows of the first pass that came stand for those that did not.
  void read_pixels() {
    const auto rows = static_cast<std::size_t>(header_.size.height);
    pixels_.resize(rows * row_bytes_);
    const bool is_whole = guarded(codec_, [this, rows] {
      for (int pass = 0; pass < passes_; ++pass) {
        for (std::size_t y = 0; y < rows; ++y) {
          // As the second of the two rows: what a pass has not is filled from beside it.
          png_read_row(codec_.png, nullptr,
                       reinterpret_cast<png_bytep>(pixels_.data() + y * row_bytes_));
          complete_rows_ = std::max(complete_rows_, y + 1);
        }
      }
    });
    if (!is_whole) {
      header_.damage = codec_.message;
    }
  }

  Codec codec_;
  RasterHeader header_;
  int passes_ = 1;
  std::size_t row_bytes_ = 0;
  std::vector<std::byte> pixels_;  // empty: not yet read
  std::size_t complete_rows_ = 0;  // of which something is known
  std::size_t next_row_ = 0;
};

}  // namespace

imaging::OpenedRaster open_cut_png(std::span<const std::byte> file, RasterHeader header) {
  auto source = std::make_unique<CutPng>(file, std::move(header));
  if (!source->read_header()) {
    return Unexpected(ImageError{ImageFault::Damaged, source->message()});
  }
  return source;
}

}  // namespace bulkhead::vips
