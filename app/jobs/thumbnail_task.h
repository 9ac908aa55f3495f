#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "imaging/extent.h"

namespace bulkhead::jobs {

/// What a worker is told: one photo, and the thumbnail it shall be made into.
struct ThumbnailTask {
  std::string path;
  imaging::Extent box;
  int quality = 75;
};

/// What a worker gives back: the thumbnail's bytes, or the reason why there are none. The program
/// writes the file, workers write nothing.
struct ThumbnailReply {
  std::string error = {};   ///< empty: there is a thumbnail
  std::string damage = {};  ///< empty: the photo was whole
  std::vector<std::byte> jpeg = {};
  imaging::Extent source = {};  ///< the photo as it is shown
  imaging::Extent size = {};    ///< the thumbnail
  int orientation = 1;
  std::string decoder = {};
  std::uint64_t source_bytes = 0;
  std::int64_t nanoseconds = 0;  ///< that reading and making it took
  int worker = 0;                ///< process id
};

/// Reads the photo and makes its thumbnail. Errors are in the reply.
ThumbnailReply make_one(const ThumbnailTask& task);

}  // namespace bulkhead::jobs
