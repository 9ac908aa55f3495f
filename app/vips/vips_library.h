#pragma once

#include <memory>
#include <string>

#include <vips/vips.h>

#include "imaging/file_format.h"

namespace bulkhead::vips {

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};

using ImagePtr = std::unique_ptr<VipsImage, Unref>;
using SourcePtr = std::unique_ptr<VipsSource, Unref>;
using RegionPtr = std::unique_ptr<VipsRegion, Unref>;

/// Starts libvips once in this process, silent, without caches and without threads of its own as
/// far as it can, and allows it the loaders of our formats only. False when it does not start.
bool start_library();

/// Makes the loader of a format ready; false when this libvips has none. Any thread.
bool has_loader(imaging::FileFormat format);

/// The reason that libvips gave last, in one line; never empty.
std::string take_error();

}  // namespace bulkhead::vips
