#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "imaging/thumbnail.h"

namespace bulkhead::jobs {

/// What a worker is told of one photo; what all have in common it is told once.
struct ThumbnailTask {
  std::string path;
};

/// What a worker gives back: the thumbnails' bytes, or the reason why there are none. The program
/// writes the files, workers write nothing.
struct ThumbnailReply {
  std::string error = {};         ///< empty: there are thumbnails
  bool is_out_of_memory = false;  ///< that is the error
  std::string damage = {};        ///< empty: the photo was whole
  std::vector<imaging::Thumbnail> made = {};
  imaging::Extent source = {};  ///< the photo as it is shown
  int orientation = 1;
  std::string decoder = {};
  std::uint64_t source_bytes = 0;
  std::int64_t modified = 0;     ///< when the photo last was, in seconds since 1970
  std::int64_t nanoseconds = 0;  ///< that reading and making it took
  int worker = 0;                ///< process id
};

/// Reads the photo and makes its thumbnails. Errors are in the reply.
ThumbnailReply make_one(const imaging::ThumbnailOptions& thumbnails, const ThumbnailTask& task);

}  // namespace bulkhead::jobs
