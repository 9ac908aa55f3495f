#pragma once

#include <string>
#include <string_view>

#include <bulkhead/expected.h>

namespace bulkhead::jobs {

/// The box that a thumbnail has to fit into, as written on the command line.
struct SizeSpec {
  int width = 0;   ///< pixels; 0: any
  int height = 0;  ///< pixels; 0: any
  std::string text;
};

/// No side of a JPEG is longer (ITU-T T.81, B.2.2).
inline constexpr int kMaxSide = 65535;

/// Reads "N" (a square), "Wx", "xH" or "WxH". Errors, in one sentence: anything else, 0, and sides
/// over kMaxSide.
Expected<SizeSpec, std::string> parse_size(std::string_view text);

}  // namespace bulkhead::jobs
