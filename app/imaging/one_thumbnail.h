#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "imaging/thumbnail.h"

namespace bulkhead::imaging {

/// For tests: what they ask most often, one JPEG that fits a box.
struct OneOptions {
  Extent box{128, 128};
  int quality = 75;
  std::uint64_t max_pixels = 1'000'000'000;
  std::uint64_t max_decoded_pixels = 100'000'000;
};

struct OneThumbnail {
  std::vector<std::byte> jpeg;
  Extent source;
  Extent size;
  int orientation = 1;
  std::string decoder;
  std::string damage;
};

inline Expected<OneThumbnail, ImageError> make_thumbnail(std::span<const std::byte> file,
                                                         const OneOptions& options = {}) {
  auto made = make_thumbnails(file, {.sizes = {{.box = options.box}},
                                     .encoding = {.quality = options.quality},
                                     .max_pixels = options.max_pixels,
                                     .max_decoded_pixels = options.max_decoded_pixels});
  if (!made) {
    return Unexpected(std::move(made.error()));
  }
  Thumbnail& one = made->made.front();
  return OneThumbnail{std::move(one.bytes),     made->source,           one.size, made->orientation,
                      std::move(made->decoder), std::move(made->damage)};
}

}  // namespace bulkhead::imaging
