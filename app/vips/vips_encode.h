#pragma once

#include "imaging/vips_module.h"

namespace bulkhead::vips {

/// Writes a PNG, WebP or AVIF, without metadata. Errors: Unsupported.
imaging::Encoded encode(const imaging::EncodeRequest& request);

}  // namespace bulkhead::vips
