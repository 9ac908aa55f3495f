#pragma once

#include "imaging/raster_source.h"

extern "C" {
/// The one function of the module bulkhead_vips.so. Sets `opened`.
void bulkhead_open_raster(const bulkhead::imaging::RasterRequest* request,
                          bulkhead::imaging::OpenedRaster* opened);
}

namespace bulkhead::imaging {

/// Opens a file of any format but JPEG and BMP with libvips. That comes with a hundred shared
/// libraries, which a folder of JPEGs shall not pay for: it hides behind a module that is loaded by
/// the first call, from where the program's run path says.
/// Errors: Unsupported when there is no module; else those of the module.
OpenedRaster open_with_vips(const RasterRequest& request);

}  // namespace bulkhead::imaging
