#include "vips/vips_crop.h"

#include <string>

#include "vips/vips_library.h"

namespace bulkhead::vips {

imaging::Cropped crop(const imaging::CropRequest& request) {
  const auto interesting = request.interest == imaging::Interest::Entropy
                               ? VIPS_INTERESTING_ENTROPY
                               : VIPS_INTERESTING_ATTENTION;
  VipsImage* part = nullptr;
  const ImagePtr image =
      start_library() ? image_in_memory(request.samples, request.size, request.channels) : nullptr;
  if (!image || vips_smartcrop(image.get(), &part, request.wanted.width, request.wanted.height,
                               "interesting", interesting, nullptr) != 0) {
    return Unexpected(imaging::ImageError{imaging::ImageFault::Unsupported, take_error()});
  }
  // A part remembers where its whole begins, seen from itself.
  const ImagePtr owned(part);
  return imaging::Extent{-vips_image_get_xoffset(part), -vips_image_get_yoffset(part)};
}

}  // namespace bulkhead::vips
