#include "imaging/open_raster.h"

#include <utility>

#include "imaging/bmp_source.h"
#include "imaging/vips_module.h"
#include "imaging/webp_source.h"

namespace bulkhead::imaging {

OpenedRaster open_source(const RasterRequest& request) {
  if (request.format == FileFormat::Bmp) {
    return open_bmp(request.file);
  }
  if (request.format == FileFormat::Webp && !is_animated_webp(request.file)) {
    return open_webp(request.file);
  }
  return open_with_vips(request);
}

OpenedRaster open_raster(RasterRequest request, std::string& damage) {
  auto source = open_source(request);
  if (source || source.error().fault != ImageFault::Damaged) {
    return source;
  }
  request.makes_up_rest = true;
  auto made_up = open_source(request);
  if (!made_up) {
    return source;
  }
  damage = std::move(source.error().message);
  return made_up;
}

}  // namespace bulkhead::imaging
