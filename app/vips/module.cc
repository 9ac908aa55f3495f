// What the program finds in the module after it has opened it (imaging/vips_module.h).

#include "imaging/vips_module.h"
#include "vips/vips_crop.h"
#include "vips/vips_encode.h"
#include "vips/vips_raster.h"

extern "C" void bulkhead_open_raster(const bulkhead::imaging::RasterRequest* request,
                                     bulkhead::imaging::OpenedRaster* opened) {
  *opened = bulkhead::vips::open(*request);
}

extern "C" void bulkhead_encode(const bulkhead::imaging::EncodeRequest* request,
                                bulkhead::imaging::Encoded* encoded) {
  *encoded = bulkhead::vips::encode(*request);
}

extern "C" void bulkhead_crop(const bulkhead::imaging::CropRequest* request,
                              bulkhead::imaging::Cropped* cropped) {
  *cropped = bulkhead::vips::crop(*request);
}
