#pragma once

#include "imaging/vips_module.h"

namespace bulkhead::vips {

/// The part that libvips takes for the most interesting. Errors: Unsupported.
imaging::Cropped crop(const imaging::CropRequest& request);

}  // namespace bulkhead::vips
