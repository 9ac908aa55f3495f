#include "imaging/webp_source.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <utility>

#include <webp/decode.h>

#include "imaging/exif.h"
#include "imaging/webp_chunks.h"

namespace bulkhead::imaging {

namespace {

using Bytes = std::span<const std::byte>;

const std::uint8_t* pointer_to(Bytes bytes) {
  return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

ImageError error_of(VP8StatusCode status) {
  switch (status) {
    case VP8_STATUS_OUT_OF_MEMORY:
      return {ImageFault::OutOfMemory, "out of memory"};
    case VP8_STATUS_UNSUPPORTED_FEATURE:
      return {ImageFault::Unsupported, "WebP of a kind that libwebp does not read"};
    case VP8_STATUS_SUSPENDED:
    case VP8_STATUS_NOT_ENOUGH_DATA:
      return {ImageFault::Damaged, "premature end of file"};
    case VP8_STATUS_OK:
    case VP8_STATUS_INVALID_PARAM:
    case VP8_STATUS_BITSTREAM_ERROR:
    case VP8_STATUS_USER_ABORT:
      break;
  }
  return {ImageFault::Damaged, "its data is corrupt"};
}

struct DeleteDecoder {
  void operator()(WebPIDecoder* decoder) const { WebPIDelete(decoder); }
};

RasterHeader header_of(Bytes file, const WebPBitstreamFeatures& features) {
  RasterHeader header;
  header.decoder = "libwebp";
  header.full_size = {features.width, features.height};
  header.size = header.full_size;
  header.has_alpha = features.has_alpha != 0;
  const Bytes profile = find_webp_chunk(file, "ICCP");
  header.profile.assign(profile.begin(), profile.end());
  const Bytes exif = tiff_structure(find_webp_chunk(file, "EXIF"));
  header.exif.assign(exif.begin(), exif.end());
  header.orientation = tiff_orientation({pointer_to(exif), exif.size()});
  const Bytes xmp = find_webp_chunk(file, "XMP ");
  header.xmp.assign(xmp.begin(), xmp.end());
  header.is_streamed = false;
  return header;
}

class WebpSource : public RasterSource {
 public:
  WebpSource(Bytes file, RasterHeader header) : file_(file), header_(std::move(header)) {}

  const RasterHeader& header() const override { return header_; }

  /// Not where something is transparent: libwebp would mix the colours of pixels that nobody sees
  /// with those beside them.
  void shrink_to(Extent least) override {
    const Extent full = header_.full_size;
    const double scale =
        std::max(double(least.width) / full.width, double(least.height) / full.height);
    if (!header_.has_alpha && scale < 1) {
      header_.size = {static_cast<int>(std::ceil(full.width * scale)),
                      static_cast<int>(std::ceil(full.height * scale))};
    }
  }

  Expected<std::span<const std::byte>, ImageError> read_row() override {
    if (pixels_.empty()) {
      decode();
    }
    if (next_row_ == complete_rows_) {
      return Unexpected(error_of(status_));
    }
    return std::span(pixels_).subspan(next_row_++ * row_bytes_, row_bytes_);
  }

 private:
  void decode() {
    row_bytes_ = static_cast<std::size_t>(header_.size.width) * (header_.has_alpha ? 4 : 3);
    pixels_.resize(row_bytes_ * static_cast<std::size_t>(header_.size.height));
    WebPDecoderConfig config = configuration();
    // The decoder for files that come little by little, as it says how far it came; it takes no
    // longer than the other one.
    const std::unique_ptr<WebPIDecoder, DeleteDecoder> decoder(WebPIDecode(nullptr, 0, &config));
    status_ = decoder == nullptr ? VP8_STATUS_OUT_OF_MEMORY
                                 : WebPIUpdate(decoder.get(), pointer_to(file_), file_.size());
    int rows = 0;
    if (decoder != nullptr &&
        WebPIDecGetRGB(decoder.get(), &rows, nullptr, nullptr, nullptr) != nullptr) {
      complete_rows_ = static_cast<std::size_t>(rows);
    }
  }

  WebPDecoderConfig configuration() {
    WebPDecoderConfig config;
    WebPInitDecoderConfig(&config);
    if (header_.size != header_.full_size) {
      config.options.use_scaling = 1;
      config.options.scaled_width = header_.size.width;
      config.options.scaled_height = header_.size.height;
    }
    config.output.colorspace = header_.has_alpha ? MODE_RGBA : MODE_RGB;
    config.output.is_external_memory = 1;
    config.output.u.RGBA = {.rgba = reinterpret_cast<std::uint8_t*>(pixels_.data()),
                            .stride = static_cast<int>(row_bytes_),
                            .size = pixels_.size()};
    return config;
  }

  Bytes file_;
  RasterHeader header_;
  std::vector<std::byte> pixels_;  // empty: not yet decoded
  VP8StatusCode status_ = VP8_STATUS_OK;
  std::size_t row_bytes_ = 0;
  std::size_t complete_rows_ = 0;
  std::size_t next_row_ = 0;
};

}  // namespace

bool is_animated_webp(Bytes file) {
  WebPBitstreamFeatures features;
  return WebPGetFeatures(pointer_to(file), file.size(), &features) == VP8_STATUS_OK &&
         features.has_animation != 0;
}

OpenedRaster open_webp(Bytes file) {
  WebPBitstreamFeatures features;
  const VP8StatusCode status = WebPGetFeatures(pointer_to(file), file.size(), &features);
  if (status != VP8_STATUS_OK) {
    return Unexpected(error_of(status));
  }
  return std::make_unique<WebpSource>(file, header_of(file, features));
}

}  // namespace bulkhead::imaging
