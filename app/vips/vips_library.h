#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include <vips/vips.h>

#include "imaging/extent.h"
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

/// An image of grey or sRGB, 8 bits, perhaps with alpha, that lies interleaved in memory; the
/// samples must outlive it. Null with an error of libvips.
ImagePtr image_in_memory(std::span<const std::byte> samples, imaging::Extent size, int channels);

/// The reason that libvips gave last, in one line; never empty.
std::string take_error();

}  // namespace bulkhead::vips
