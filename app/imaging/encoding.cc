#include "imaging/encoding.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "imaging/jpeg_encoder.h"
#include "imaging/vips_module.h"
#include "imaging/with_metadata.h"

namespace bulkhead::imaging {

namespace {

/// The file of the best quality, up to that asked for, that is not too large.
template <class EncodeAs>
Encoded encode_within(const Encoding& encoding, const EncodeAs& encode_as) {
  auto file = encode_as(encoding);
  if (!file || encoding.max_bytes == 0 || file->size() <= encoding.max_bytes) {
    return file;
  }
  std::size_t least_bytes = file->size();
  std::optional<std::vector<std::byte>> best;
  int low = 1;
  int high = encoding.format == OutputFormat::Png ? 0 : encoding.quality - 1;
  for (Encoding tried = encoding; low <= high;) {
    tried.quality = (low + high) / 2;
    file = encode_as(tried);
    if (!file) {
      return file;
    }
    least_bytes = std::min(least_bytes, file->size());
    if (file->size() <= encoding.max_bytes) {
      best = *std::move(file);
      low = tried.quality + 1;
    } else {
      high = tried.quality - 1;
    }
  }
  if (!best) {
    return Unexpected(
        ImageError{ImageFault::TooLarge, "a thumbnail of " + std::to_string(least_bytes) +
                                             " bytes at least, more than the limit of " +
                                             std::to_string(encoding.max_bytes)});
  }
  return *std::move(best);
}

Encoded encode_samples(std::span<const std::byte> samples, const ColourPicture& colours,
                       const Encoding& encoding, const Metadata& metadata) {
  const bool is_avif = encoding.format == OutputFormat::Avif;
  auto file = encode_with_vips(
      {.encoding = encoding,
       .size = colours.extent(),
       .channels = static_cast<int>(colours.planes.size()) + (colours.alpha ? 1 : 0),
       .samples = samples,
       .metadata = is_avif ? metadata : Metadata{}});
  if (!file || is_avif) {
    return file;
  }
  return encoding.format == OutputFormat::Png ? png_with(*std::move(file), metadata)
                                              : webp_with(*file, colours.extent(), metadata);
}

}  // namespace

int max_side(OutputFormat format) {
  constexpr int kMaxJpegSide = 65500;  // JPEG_MAX_DIMENSION of libjpeg
  constexpr int kMaxWebpSide = 16383;  // WEBP_MAX_DIMENSION of libwebp
  constexpr int kMaxAvifSide = 16384;  // more is not read by libheif
  constexpr int kMaxLayoutSide = 65535;
  switch (format) {
    case OutputFormat::Jpeg:
      return kMaxJpegSide;
    case OutputFormat::Webp:
      return kMaxWebpSide;
    case OutputFormat::Avif:
      return kMaxAvifSide;
    case OutputFormat::Png:
    case OutputFormat::Samples:
      break;
  }
  return kMaxLayoutSide;
}

const char* name_of(OutputFormat format) {
  switch (format) {
    case OutputFormat::Jpeg:
      return "JPEG";
    case OutputFormat::Png:
      return "PNG";
    case OutputFormat::Webp:
      return "WebP";
    case OutputFormat::Avif:
      return "AVIF";
    case OutputFormat::Samples:
      break;
  }
  return "picture";
}

std::vector<std::byte> interleaved(const ColourPicture& colours) {
  std::vector<const WidePlane*> planes;
  for (const WidePlane& plane : colours.planes) {
    planes.push_back(&plane);
  }
  if (colours.alpha) {
    planes.push_back(&*colours.alpha);
  }
  const Extent extent = colours.extent();
  std::vector<std::byte> samples(area(extent) * planes.size());
  for (std::size_t c = 0; c < planes.size(); ++c) {
    std::byte* sample = samples.data() + c;
    for (int y = 0; y < extent.height; ++y) {
      const std::uint16_t* const row = planes[c]->row(y);
      for (int x = 0; x < extent.width; ++x, sample += planes.size()) {
        *sample = static_cast<std::byte>((row[x] + 128) / 257);
      }
    }
  }
  return samples;
}

Encoded encode(const ColourPicture& colours, const Encoding& encoding, const Metadata& metadata) {
  if (encoding.format == OutputFormat::Jpeg) {
    return encode(to_picture(colours, encoding.chroma), encoding, metadata);
  }
  auto samples = interleaved(colours);
  if (encoding.format == OutputFormat::Samples) {
    return samples;
  }
  return encode_within(encoding, [&](const Encoding& tried) {
    return encode_samples(samples, colours, tried, metadata);
  });
}

Encoded encode(Picture picture, const Encoding& encoding, const Metadata& metadata) {
  return encode_within(encoding, [&](const Encoding& tried) -> Encoded {
    // Its planes are used up, and may be needed again.
    const bool is_last = tried.max_bytes == 0;
    auto file = encode_jpeg(is_last ? std::move(picture) : picture, tried);
    return file ? jpeg_with(*std::move(file), metadata) : std::move(file);
  });
}

Expected<std::vector<std::byte>, ImageError> encode(std::span<const std::byte> samples, Extent size,
                                                    const Encoding& encoding) {
  if (encoding.format == OutputFormat::Jpeg) {
    return encode_jpeg(samples, size, encoding);
  }
  if (encoding.format == OutputFormat::Samples) {
    return std::vector(samples.begin(), samples.end());
  }
  const int channels = samples.size() == area(size) ? 1 : 3;
  return encode_with_vips(
      {.encoding = encoding, .size = size, .channels = channels, .samples = samples});
}

}  // namespace bulkhead::imaging
