#include "imaging/shrink.h"

#include <utility>
#include <vector>

#include "imaging/colour.h"
#include "imaging/geometry.h"
#include "imaging/resize.h"

namespace bulkhead::imaging {

namespace {

bool is_picture_already(ColourModel model) {
  return model == ColourModel::Grey || model == ColourModel::YCbCr;
}

Expected<Plane, ImageError> shrink_luma(const DecodedPlane& plane, Extent luma) {
  return resize(plane.samples, {0, 0, plane.width, plane.height}, luma);
}

Expected<Plane, ImageError> shrink_chroma(const DecodedPlane& plane, Extent luma, Turn turn) {
  return resize(plane.samples, chroma_region(plane.width, plane.height, luma, turn),
                chroma_extent(luma));
}

}  // namespace

Expected<Picture, ImageError> shrink(const DecodedImage& image, ColourModel model,
                                     Extent stored_size, Turn turn) {
  // Straight to 4:2:0 where the file holds luma and chroma; other colours are mixed pixel by pixel
  // first, so all their planes get the full size.
  std::vector<Plane> planes;
  for (const DecodedPlane& decoded : image.planes) {
    const bool is_chroma = is_picture_already(model) && !planes.empty();
    auto small =
        is_chroma ? shrink_chroma(decoded, stored_size, turn) : shrink_luma(decoded, stored_size);
    if (!small) {
      return Unexpected(std::move(small.error()));
    }
    planes.push_back(turned(*small, turn));
  }
  if (is_picture_already(model)) {
    return Picture{std::move(planes)};
  }
  return to_picture(planes, model);
}

}  // namespace bulkhead::imaging
