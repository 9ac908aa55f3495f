#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <bulkhead/expected.h>

#include "imaging/layout.h"

namespace bulkhead::jobs {

/// The size of a thumbnail as written on the command line.
struct SizeSpec {
  imaging::SizeRule rule;           ///< Its fit is that of the suffix, if it has one.
  std::optional<imaging::Fit> fit;  ///< What the suffix says.
  std::string name;                 ///< For {size}: the text without what is no digit or "x".
};

/// Reads "N" (a square), "Wx", "xH", "WxH", "P%" of the photo's own size or "A@" pixels of area,
/// and behind it perhaps ">" (shrink only, which is the default), "<" (enlarge only), "^" (the
/// smallest that covers) or "!" (exactly, whatever the proportions). Errors, in one sentence:
/// anything else, 0, sides over 65500.
Expected<SizeSpec, std::string> parse_size(std::string_view text);

}  // namespace bulkhead::jobs
