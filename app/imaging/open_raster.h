#pragma once

#include <string>

#include "imaging/raster_source.h"

namespace bulkhead::imaging {

/// Opens a file of any format but JPEG and camera raw. Errors: those of open_bmp(),
/// open_webp() and open_with_vips().
OpenedRaster open_source(const RasterRequest& request);

/// The same, but a file of which its decoder sees from the start that it is cut is opened with what
/// is missing made up; `damage` then says so.
OpenedRaster open_raster(RasterRequest request, std::string& damage);

}  // namespace bulkhead::imaging
