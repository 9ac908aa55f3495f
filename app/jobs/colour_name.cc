#include "jobs/colour_name.h"

#include <array>
#include <charconv>
#include <optional>

namespace bulkhead::jobs {
namespace {

using imaging::Colour;

struct NamedColour {
  std::string_view name;
  Colour colour;
};

constexpr std::array kNames = {
    NamedColour{"white", {255, 255, 255}}, NamedColour{"black", {0, 0, 0}},
    NamedColour{"grey", {128, 128, 128}}, NamedColour{"gray", {128, 128, 128}}};

std::optional<Colour> parse_hexadecimal(std::string_view digits) {
  if (digits.size() != 3 && digits.size() != 6) {
    return std::nullopt;
  }
  const std::size_t per_channel = digits.size() / 3;
  Colour colour{};
  for (std::size_t c = 0; c < colour.size(); ++c) {
    const char* const begin = digits.data() + c * per_channel;
    const auto [end, error] = std::from_chars(begin, begin + per_channel, colour[c], 16);
    if (error != std::errc() || end != begin + per_channel) {
      return std::nullopt;
    }
    if (per_channel == 1) {
      colour[c] = static_cast<std::uint8_t>(colour[c] * 17);
    }
  }
  return colour;
}

}  // namespace

Expected<Colour, std::string> parse_colour(std::string_view text) {
  for (const NamedColour& known : kNames) {
    if (text == known.name) {
      return known.colour;
    }
  }
  const auto colour = parse_hexadecimal(text.starts_with('#') ? text.substr(1) : text);
  if (!colour) {
    return Unexpected("colour '" + std::string(text) +
                      "' is not white, black, grey, #rgb or #rrggbb");
  }
  return *colour;
}

}  // namespace bulkhead::jobs
