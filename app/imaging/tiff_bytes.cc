#include "imaging/tiff_bytes.h"

#include <array>

namespace bulkhead::imaging {

namespace {

constexpr std::size_t kEntryBytes = 12;
constexpr std::uint32_t kTypeText = 2;
constexpr std::uint32_t kTypeShort = 3;
constexpr std::uint32_t kTypeLong = 4;

}  // namespace

std::optional<TiffBytes> TiffBytes::open(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < 2 || bytes[0] != bytes[1] || (bytes[0] != 'I' && bytes[0] != 'M')) {
    return std::nullopt;
  }
  return TiffBytes(bytes, bytes[0] == 'M');
}

std::optional<TiffEntry> TiffBytes::entry_at(std::size_t place) const {
  // Of BYTE, ASCII, SHORT, LONG, RATIONAL, the same with a sign, FLOAT, DOUBLE and IFD.
  constexpr std::array<std::size_t, 14> kBytesOfType = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};
  constexpr std::size_t kBytesInEntry = 4;
  const auto tag = read(place, 2);
  const auto type = read(place + 2, 2);
  const auto count = read(place + 4, 4);
  const auto offset = read(place + 8, 4);
  if (!offset || *type == 0 || *type >= kBytesOfType.size()) {
    return std::nullopt;
  }
  const std::size_t bytes = std::size_t{*count} * kBytesOfType[*type];
  const std::size_t start = bytes <= kBytesInEntry ? place + 8 : *offset;
  if (start > bytes_.size() || bytes_.size() - start < bytes) {
    return std::nullopt;
  }
  return TiffEntry{*tag, *type, *count, bytes_.subspan(start, bytes)};
}

std::vector<TiffEntry> TiffBytes::entries(std::uint32_t directory) const {
  std::vector<TiffEntry> all;
  const std::size_t count = read(directory, 2).value_or(0);
  for (std::size_t i = 0; i < count; ++i) {
    if (auto entry = entry_at(std::size_t{directory} + 2 + i * kEntryBytes)) {
      all.push_back(*entry);
    }
  }
  return all;
}

std::optional<std::uint32_t> TiffBytes::next_directory(std::uint32_t directory) const {
  const auto place = place_of_next(directory);
  return place ? read(place->offset, place->byte_count) : std::nullopt;
}

std::optional<TiffBytes::Place> TiffBytes::place_of_next(std::uint32_t directory) const {
  const auto entry_count = read(directory, 2);
  if (!entry_count) {
    return std::nullopt;
  }
  const Place place{std::size_t{directory} + 2 + *entry_count * kEntryBytes, 4};
  return read(place.offset, place.byte_count) ? std::optional(place) : std::nullopt;
}

std::optional<std::uint32_t> TiffBytes::value(std::uint32_t directory, std::uint32_t tag) const {
  const auto place = place_of_value(directory, tag);
  return place ? read(place->offset, place->byte_count) : std::nullopt;
}

std::optional<TiffBytes::Place> TiffBytes::place_of_value(std::uint32_t directory,
                                                          std::uint32_t tag) const {
  const auto entry = find(directory, tag);
  const auto type = entry ? read(*entry + 2, 2) : std::nullopt;
  if (type != kTypeShort && type != kTypeLong) {
    return std::nullopt;
  }
  const Place place{*entry + 8, type == kTypeShort ? std::size_t{2} : std::size_t{4}};
  return read(place.offset, place.byte_count) ? std::optional(place) : std::nullopt;
}

std::span<const std::uint8_t> TiffBytes::text(std::uint32_t directory, std::uint32_t tag) const {
  const auto entry = find(directory, tag);
  const auto count = entry ? read(*entry + 4, 4) : std::nullopt;
  if (!count || read(*entry + 2, 2) != kTypeText) {
    return {};
  }
  constexpr std::size_t kBytesInEntry = 4;
  const std::size_t offset = *count <= kBytesInEntry ? *entry + 8 : read(*entry + 8, 4).value_or(0);
  if (offset == 0 || offset > bytes_.size() || bytes_.size() - offset < *count) {
    return {};
  }
  return bytes_.subspan(offset, *count);
}

void TiffBytes::write(std::span<std::uint8_t> structure, const Place& place, std::uint32_t number) {
  const bool is_big_endian = structure[0] == 'M';
  for (std::size_t i = 0; i < place.byte_count; ++i) {
    const std::size_t shift = 8 * (is_big_endian ? place.byte_count - 1 - i : i);
    structure[place.offset + i] = static_cast<std::uint8_t>(number >> shift);
  }
}

std::optional<std::uint32_t> TiffBytes::read(std::size_t offset, std::size_t byte_count) const {
  if (offset > bytes_.size() || bytes_.size() - offset < byte_count) {
    return std::nullopt;
  }
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < byte_count; ++i) {
    value = value << 8 | bytes_[offset + (is_big_endian_ ? i : byte_count - 1 - i)];
  }
  return value;
}

std::optional<std::size_t> TiffBytes::find(std::uint32_t directory, std::uint32_t tag) const {
  const std::size_t entry_count = read(directory, 2).value_or(0);
  for (std::size_t i = 0; i < entry_count; ++i) {
    const std::size_t entry = std::size_t{directory} + 2 + i * kEntryBytes;
    const auto found = read(entry, 2);
    if (!found) {
      return std::nullopt;
    }
    if (*found == tag) {
      return entry;
    }
  }
  return std::nullopt;
}

}  // namespace bulkhead::imaging
