#include "imaging/shrink.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "imaging/geometry.h"
#include "imaging/resize.h"

namespace bulkhead::imaging {

namespace {

template <class Sample>
Expected<void, ImageError> append_resized(const BasicPlane<Sample>& plane, const Region& region,
                                          Extent stored_size, Turn turn,
                                          std::vector<BasicPlane<Sample>>& all) {
  auto small = resize(plane, region, stored_size);
  if (!small) {
    return Unexpected(std::move(small.error()));
  }
  all.push_back(turned(*small, turn));
  return {};
}

}  // namespace

Expected<Picture, ImageError> shrink_to_picture(const DecodedImage& image, Extent stored_size,
                                                Turn turn) {
  Picture picture;
  for (const DecodedPlane& plane : image.planes) {
    const bool is_chroma = !picture.planes.empty();
    const Region region = is_chroma ? chroma_region(plane.width, plane.height, stored_size, turn)
                                    : Region{0, 0, plane.width, plane.height};
    const Extent extent = is_chroma ? chroma_extent(stored_size) : stored_size;
    if (auto done = append_resized(plane.samples, region, extent, turn, picture.planes); !done) {
      return Unexpected(std::move(done.error()));
    }
  }
  return picture;
}

Expected<ColourPicture, ImageError> shrink_to_colours(const DecodedImage& image, ColourModel model,
                                                      Extent stored_size, Turn turn) {
  std::vector<Plane> planes;
  for (const DecodedPlane& plane : image.planes) {
    const Region whole{0, 0, plane.width, plane.height};
    if (auto done = append_resized(plane.samples, whole, stored_size, turn, planes); !done) {
      return Unexpected(std::move(done.error()));
    }
  }
  std::vector<WidePlane> wide;
  std::transform(planes.begin(), planes.end(), std::back_inserter(wide), widened);
  return ColourPicture{to_rgb(std::move(wide), model)};
}

Expected<ColourPicture, ImageError> shrink_to_colours(const Raster& raster, ColourModel model,
                                                      Extent stored_size, Turn turn) {
  const Region whole{0, 0, raster.width, raster.height};
  std::vector<WidePlane> planes;
  for (const WidePlane& plane : raster.planes) {
    if (auto done = append_resized(plane, whole, stored_size, turn, planes); !done) {
      return Unexpected(std::move(done.error()));
    }
  }
  if (!raster.alpha) {
    return ColourPicture{to_rgb(std::move(planes), model)};
  }
  std::vector<WidePlane> alpha;
  if (auto done = append_resized(*raster.alpha, whole, stored_size, turn, alpha); !done) {
    return Unexpected(std::move(done.error()));
  }
  unpremultiply(planes, alpha.front());
  return ColourPicture{to_rgb(std::move(planes), model), std::move(alpha.front())};
}

}  // namespace bulkhead::imaging
