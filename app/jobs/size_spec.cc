#include "jobs/size_spec.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace bulkhead::jobs {
namespace {

using imaging::Fit;
using imaging::Scaling;
using imaging::SizeRule;

// No side of a JPEG that libjpeg writes is longer (JPEG_MAX_DIMENSION).
constexpr int kMaxSide = 65500;
constexpr std::int64_t kMaxArea = std::int64_t{kMaxSide} * kMaxSide;
constexpr int kMaxPercent = 10'000;
constexpr imaging::Extent kNoBox = {0, 0};  // of a size that does not say its sides

std::optional<std::int64_t> parse_number(std::string_view digits, std::int64_t most) {
  std::int64_t number = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, number);
  if (error != std::errc() || stopped != end || number < 1 || number > most) {
    return std::nullopt;
  }
  return number;
}

// A side in pixels; 0 for no text at all, which leaves it free.
std::optional<int> parse_side(std::string_view digits) {
  if (digits.empty()) {
    return 0;
  }
  const auto side = parse_number(digits, kMaxSide);
  return side ? std::optional(static_cast<int>(*side)) : std::nullopt;
}

std::optional<SizeRule> parse_box(std::string_view text) {
  const std::size_t cross = text.find('x');
  const bool is_square = cross == std::string_view::npos;
  const auto width = parse_side(text.substr(0, cross));
  const auto height = is_square ? width : parse_side(text.substr(cross + 1));
  if (!width || !height || (*width == 0 && *height == 0)) {
    return std::nullopt;
  }
  return SizeRule{.box = {*width, *height}};
}

std::optional<SizeRule> parse_rule(std::string_view text) {
  if (text.ends_with('%')) {
    const auto percent = parse_number(text.substr(0, text.size() - 1), kMaxPercent);
    return percent
               ? std::optional(SizeRule{.box = kNoBox, .percent = static_cast<double>(*percent)})
               : std::nullopt;
  }
  if (text.ends_with('@')) {
    const auto area = parse_number(text.substr(0, text.size() - 1), kMaxArea);
    return area ? std::optional(SizeRule{.box = kNoBox, .area = *area}) : std::nullopt;
  }
  return parse_box(text);
}

// Takes the suffix off the text and into the size.
void take_suffix(std::string_view& text, SizeSpec& size) {
  const char suffix = text.empty() ? '\0' : text.back();
  if (suffix == '<') {
    size.rule.scaling = Scaling::OnlyUp;
  } else if (suffix == '^') {
    size.fit = Fit::Outside;
  } else if (suffix == '!') {
    size.fit = Fit::Fill;
    size.rule.scaling = Scaling::Both;
  } else if (suffix != '>') {
    return;
  }
  text.remove_suffix(1);
}

}  // namespace

Expected<SizeSpec, std::string> parse_size(std::string_view text) {
  SizeSpec size;
  std::string_view rest = text;
  take_suffix(rest, size);
  const auto rule = parse_rule(rest);
  if (!rule) {
    return Unexpected("size '" + std::string(text) +
                      "' is not N, Wx, xH, WxH, P% or A@ with 1 to " + std::to_string(kMaxSide) +
                      " pixels a side, and perhaps >, <, ^ or !");
  }
  const Scaling scaling = size.rule.scaling;
  size.rule = *rule;
  size.rule.scaling = scaling;
  size.rule.fit = size.fit.value_or(Fit::Inside);
  std::ranges::copy_if(rest, std::back_inserter(size.name),
                       [](char c) { return c == 'x' || (c >= '0' && c <= '9'); });
  return size;
}

}  // namespace bulkhead::jobs
