#pragma once

#include <vector>

#include "imaging/plane.h"

namespace bulkhead::imaging {

/// Turns the values of sRGB (IEC 61966-2-1) into amounts of light, both of 16 bits.
void to_light(std::vector<WidePlane>& planes);

/// The way back.
void from_light(std::vector<WidePlane>& planes);

/// Brings samples into the middle half of their range. A resizer overshoots at edges, and what is
/// cut off between its two passes is missed: in dark places a little light is many values of sRGB.
/// Lanczos of three lobes needs no more room: its weights' amounts add up to 1.4 in each pass.
void add_headroom(std::vector<WidePlane>& planes);

/// The way back; what lies outside of the full range is cut off.
void remove_headroom(std::vector<WidePlane>& planes);

}  // namespace bulkhead::imaging
