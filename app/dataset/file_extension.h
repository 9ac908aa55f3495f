#pragma once

#include <string>
#include <string_view>

#include "imaging/file_format.h"

namespace bulkhead::dataset {

/// The extension of a copy of a picture, without a dot: that of its name where it is one of the
/// format's, else the format's usual one. Never anything else, whatever the name is.
std::string file_extension(imaging::FileFormat format, std::string_view file_name);

}  // namespace bulkhead::dataset
