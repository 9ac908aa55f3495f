#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "imaging/sectioned_photo.h"
#include "imaging/thumbnail.h"

namespace bulkhead::jobs {

/// What a worker is told of one photo; what all have in common it is told once, in which the format
/// is not looked at.
struct ThumbnailTask {
  std::string path = {};
  imaging::OutputFormat format = imaging::OutputFormat::Jpeg;
  /// The photo, where it is in no file.
  std::optional<std::vector<std::byte>> content = {};
  /// Which section of the photo is to be decoded, where there is more than one.
  imaging::SectionNumber section = {};
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
  imaging::ProfileFate profile = imaging::ProfileFate::Absent;
  std::uint64_t source_bytes = 0;
  std::int64_t modified = 0;  ///< when the photo last was, in seconds since 1970
  /// When its file last was changed in any way, in nanoseconds, before it was read.
  std::optional<std::int64_t> changed = {};
  std::int64_t nanoseconds = 0;                  ///< that reading and making it took
  int worker = 0;                                ///< process id
  unsigned attempt = 0;                          ///< which run of the task this was
  int sections = 1;                              ///< that it was put together of
  std::optional<imaging::Section> section = {};  ///< in place of thumbnails, unless it was refused
};

/// Of a reply that does not have as many thumbnails as sizes were asked for, an error: workers read
/// what strangers made, and are not believed.
void check(ThumbnailReply& reply, std::size_t sizes);

/// Reads the photo and makes its thumbnails, or decodes a section of it. Errors are in the reply.
ThumbnailReply make_one(const imaging::ThumbnailOptions& thumbnails, const ThumbnailTask& task);

/// Makes the thumbnails of a photo whose sections are decoded. None, and no error, when that is
/// refused: make_one() decides then.
ThumbnailReply join_one(const imaging::ThumbnailOptions& thumbnails, const ThumbnailTask& task,
                        const std::vector<imaging::Section>& sections);

}  // namespace bulkhead::jobs
