#pragma once

#include <cstdint>
#include <string>

#include "imaging/placed_plane.h"
#include "imaging/raster_source.h"

namespace bulkhead::imaging {

/// A raster in memory, shrunk by whole numbers: planes of 16 bits, one for each channel, multiplied
/// by the last one, alpha, where there is one.
struct Raster {
  PlacedPlanes<std::uint16_t> planes;
  bool has_alpha = false;
  std::string damage;  ///< Empty, or why the rows from some one on are missing (they are empty).
};

/// The largest whole numbers by which the sides of a raster can be shrunk with four times the
/// wanted size left for the resizer; at least 1. Each side by itself: what is a million times as
/// high as wide would be left a million rows.
Extent choose_box(Extent source, Extent wanted);

/// For how many pixels there is room in memory while a raster is shrunk by `box`.
std::uint64_t pixels_held(Extent source, Extent box);

/// Reads a raster to its end, each `box` of pixels as their mean. Where the rows break off the
/// rest is transparent, or mid-grey in a picture without alpha.
/// Errors: those of RasterSource when there is no row at all.
Expected<Raster, ImageError> box_shrink(RasterSource& source, Extent box);

}  // namespace bulkhead::imaging
