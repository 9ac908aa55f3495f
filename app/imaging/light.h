#pragma once

#include <vector>

#include "imaging/plane.h"

namespace bulkhead::imaging {

/// Turns the values of sRGB (IEC 61966-2-1) into amounts of light, both of 16 bits.
void to_light(std::vector<WidePlane>& planes);

/// The way back.
void from_light(std::vector<WidePlane>& planes);

}  // namespace bulkhead::imaging
