#pragma once

#include <cstdint>
#include <string>

#include "dataset/sha256.h"
#include "imaging/extent.h"
#include "imaging/file_format.h"

namespace bulkhead::dataset {

/// What is known of a picture before it is decoded.
struct Inspection {
  std::string error = {};  ///< empty: its header could be read
  Sha256 sha256 = {};      ///< of its file
  std::uint64_t bytes = 0;
  imaging::Extent size = {};  ///< upright
  imaging::FileFormat format = imaging::FileFormat::Jpeg;
};

/// Reads a file, and of the picture in it the header. Runs in a worker. Errors are in the reply.
Inspection inspect(const std::string& path);

}  // namespace bulkhead::dataset
