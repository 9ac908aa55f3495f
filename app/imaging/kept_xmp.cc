#include "imaging/kept_xmp.h"

#include <string_view>

namespace bulkhead::imaging {

std::vector<std::byte> xmp_of_thumbnail(std::span<const std::byte> xmp) {
  using namespace std::string_view_literals;
  constexpr auto kProperty = "tiff:Orientation"sv;
  std::vector<std::byte> kept(xmp.begin(), xmp.end());
  const std::string_view text(reinterpret_cast<const char*>(xmp.data()), xmp.size());
  // As an attribute, tiff:Orientation="6", or an element, <tiff:Orientation>6</tiff:Orientation>.
  for (std::size_t at = text.find(kProperty); at != std::string_view::npos;
       at = text.find(kProperty, at + 1)) {
    const std::size_t value = text.find_first_not_of(" \t\r\n=>\"'", at + kProperty.size());
    if (value != std::string_view::npos && text[value] >= '1' && text[value] <= '8') {
      kept[value] = std::byte{'1'};
    }
  }
  return kept;
}

}  // namespace bulkhead::imaging
