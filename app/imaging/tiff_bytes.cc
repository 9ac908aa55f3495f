#include "imaging/tiff_bytes.h"

namespace bulkhead::imaging {

namespace {

constexpr std::size_t kEntryBytes = 12;
constexpr std::uint32_t kTypeShort = 3;
constexpr std::uint32_t kTypeLong = 4;

}  // namespace

std::optional<TiffBytes> TiffBytes::open(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < 2 || bytes[0] != bytes[1] || (bytes[0] != 'I' && bytes[0] != 'M')) {
    return std::nullopt;
  }
  return TiffBytes(bytes, bytes[0] == 'M');
}

std::optional<std::uint32_t> TiffBytes::next_directory(std::uint32_t directory) const {
  const auto entry_count = read(directory, 2);
  return entry_count ? read(std::size_t{directory} + 2 + *entry_count * kEntryBytes, 4)
                     : std::nullopt;
}

std::optional<std::uint32_t> TiffBytes::value(std::uint32_t directory, std::uint32_t tag) const {
  const auto entry = find(directory, tag);
  const auto type = entry ? read(*entry + 2, 2) : std::nullopt;
  if (type == kTypeShort) {
    return read(*entry + 8, 2);
  }
  return type == kTypeLong ? read(*entry + 8, 4) : std::nullopt;
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
