#include "imaging/iptc.h"

#include <algorithm>
#include <string_view>

namespace bulkhead::imaging {

// Adobe Photoshop File Formats Specification, "Image Resources Section": a signature, a number, a
// name, a length, the bytes; name and bytes padded to even lengths.
namespace {

using namespace std::string_view_literals;
using View = std::span<const std::byte>;

constexpr auto kStart = "Photoshop 3.0\0"sv;
constexpr auto kSignature = "8BIM"sv;
constexpr std::size_t kIptcNumber = 0x0404;
constexpr std::size_t kNameOffset = 6;

bool begins_with(View bytes, std::string_view text) {
  return bytes.size() >= text.size() &&
         std::string_view(reinterpret_cast<const char*>(bytes.data()), text.size()) == text;
}

std::size_t number_at(View bytes, std::size_t offset, std::size_t byte_count) {
  std::size_t value = 0;
  for (std::size_t i = 0; i < byte_count; ++i) {
    value = value << 8U | std::to_integer<std::size_t>(bytes[offset + i]);
  }
  return value;
}

std::size_t padded(std::size_t bytes) {
  return bytes + bytes % 2;
}

void append(std::vector<std::byte>& bytes, std::string_view text) {
  const auto view = std::as_bytes(std::span(text));
  bytes.insert(bytes.end(), view.begin(), view.end());
}

}  // namespace

View iptc_in_resources(View app13) {
  View rest = begins_with(app13, kStart) ? app13.subspan(kStart.size()) : View();
  while (begins_with(rest, kSignature) && rest.size() > kNameOffset) {
    const std::size_t number = number_at(rest, kSignature.size(), 2);
    const std::size_t length_offset = kNameOffset + padded(1 + number_at(rest, kNameOffset, 1));
    if (rest.size() < length_offset + 4) {
      return {};
    }
    const std::size_t length = number_at(rest, length_offset, 4);
    rest = rest.subspan(length_offset + 4);
    if (length > rest.size()) {
      return {};
    }
    if (number == kIptcNumber) {
      return rest.first(length);
    }
    rest = rest.subspan(std::min(padded(length), rest.size()));
  }
  return {};
}

std::vector<std::byte> resources_with_iptc(View iptc) {
  std::vector<std::byte> payload;
  append(payload, kStart);
  append(payload, kSignature);
  append(payload, "\x04\x04\0\0"sv);  // the number, and no name
  for (int shift = 24; shift >= 0; shift -= 8) {
    payload.push_back(static_cast<std::byte>(iptc.size() >> static_cast<unsigned>(shift)));
  }
  payload.insert(payload.end(), iptc.begin(), iptc.end());
  payload.resize(payload.size() + iptc.size() % 2);
  return payload;
}

}  // namespace bulkhead::imaging
