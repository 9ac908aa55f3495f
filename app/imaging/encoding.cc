#include "imaging/encoding.h"

#include "imaging/jpeg_encoder.h"
#include "imaging/vips_module.h"

namespace bulkhead::imaging {

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

Expected<std::vector<std::byte>, ImageError> encode(const ColourPicture& colours,
                                                    const Encoding& encoding) {
  if (encoding.format == OutputFormat::Jpeg) {
    return encode_jpeg(to_picture(colours, encoding.chroma), encoding);
  }
  auto samples = interleaved(colours);
  if (encoding.format == OutputFormat::Samples) {
    return samples;
  }
  return encode_with_vips(
      {.encoding = encoding,
       .size = colours.extent(),
       .channels = static_cast<int>(colours.planes.size()) + (colours.alpha ? 1 : 0),
       .samples = samples});
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
