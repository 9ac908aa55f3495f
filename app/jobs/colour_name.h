#pragma once

#include <string>
#include <string_view>

#include <bulkhead/expected.h>

#include "imaging/colour.h"

namespace bulkhead::jobs {

/// Reads "white", "black", "grey", "#rgb" or "#rrggbb" (the "#" may be left out, as shells take it
/// for a comment). Errors, in one sentence: anything else.
Expected<imaging::Colour, std::string> parse_colour(std::string_view text);

}  // namespace bulkhead::jobs
