#include "jobs/size_spec.h"

#include <charconv>
#include <optional>

namespace bulkhead::jobs {
namespace {

// A side in pixels; nothing for what is no number from 1 to kMaxSide.
std::optional<int> parse_side(std::string_view digits) {
  int side = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, side);
  if (error != std::errc() || stopped != end || side < 1 || side > kMaxSide) {
    return std::nullopt;
  }
  return side;
}

// As parse_side, but no text at all leaves the side free.
std::optional<int> parse_free_side(std::string_view digits) {
  return digits.empty() ? 0 : parse_side(digits);
}

}  // namespace

Expected<SizeSpec, std::string> parse_size(std::string_view text) {
  const std::size_t cross = text.find('x');
  const bool is_square = cross == std::string_view::npos;
  const auto width = is_square ? parse_side(text) : parse_free_side(text.substr(0, cross));
  const auto height = is_square ? width : parse_free_side(text.substr(cross + 1));
  if (!width || !height || (*width == 0 && *height == 0)) {
    return Unexpected("size '" + std::string(text) + "' is not N, Wx, xH or WxH with 1 to " +
                      std::to_string(kMaxSide) + " pixels a side");
  }
  return SizeSpec{*width, *height, std::string(text)};
}

}  // namespace bulkhead::jobs
