#include "imaging/tiff_writer.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <list>

namespace bulkhead::imaging {

namespace {

using Bytes = std::vector<std::uint8_t>;
using Entries = std::vector<TiffEntry>;

constexpr std::size_t kHeaderBytes = 8;
constexpr std::size_t kEntryBytes = 12;
constexpr std::size_t kBytesInEntry = 4;
constexpr std::uint32_t kTypeLong = 4;

// Values begin at even offsets.
std::size_t padded(std::size_t bytes) {
  return bytes + bytes % 2;
}

std::size_t bytes_behind(const TiffEntry& entry) {
  return entry.value.size() <= kBytesInEntry ? 0 : padded(entry.value.size());
}

std::size_t bytes_of(const Entries& entries) {
  std::size_t bytes = 2 + entries.size() * kEntryBytes + 4;
  for (const TiffEntry& entry : entries) {
    bytes += bytes_behind(entry);
  }
  return bytes;
}

class Structure {
 public:
  explicit Structure(ByteOrder order) : order_(order) {
    bytes_.assign(2, order == ByteOrder::Big ? 'M' : 'I');
    append(42, 2);
    append(kHeaderBytes, 4);
  }

  /// With what its entries hold right behind it.
  void append(const Entries& entries) {
    std::size_t behind = bytes_.size() + 2 + entries.size() * kEntryBytes + 4;
    append(entries.size(), 2);
    for (const TiffEntry& entry : entries) {
      append(entry.tag, 2);
      append(entry.type, 2);
      append(entry.count, 4);
      if (bytes_behind(entry) == 0) {
        append(entry.value, kBytesInEntry);
      } else {
        append(behind, 4);
        behind += bytes_behind(entry);
      }
    }
    append(0, 4);  // No directory is next.
    for (const TiffEntry& entry : entries) {
      append(entry.value, bytes_behind(entry));
    }
  }

  Bytes bytes() && { return std::move(bytes_); }

 private:
  void append(std::size_t number, std::size_t byte_count) {
    const std::size_t start = bytes_.size();
    bytes_.resize(start + byte_count);
    TiffBytes::write(bytes_, {start, byte_count}, static_cast<std::uint32_t>(number));
  }

  /// As many bytes as are wanted, if any are; zeros behind the value.
  void append(std::span<const std::uint8_t> value, std::size_t wanted) {
    const std::size_t start = bytes_.size();
    bytes_.resize(start + wanted);
    std::copy_n(value.begin(), std::min(value.size(), wanted),
                bytes_.begin() + static_cast<std::ptrdiff_t>(start));
  }

  ByteOrder order_;
  Bytes bytes_;
};

using Number = std::array<std::uint8_t, 4>;

Number number_in(ByteOrder order, std::size_t value) {
  Number number{};
  for (std::size_t i = 0; i < number.size(); ++i) {
    const std::size_t shift = 8 * (order == ByteOrder::Big ? number.size() - 1 - i : i);
    number[i] = static_cast<std::uint8_t>(value >> shift);
  }
  return number;
}

}  // namespace

Bytes write_tiff(TiffDirectory directory, ByteOrder order) {
  Entries& first = directory.entries;
  std::size_t place = kHeaderBytes + bytes_of(first) + directory.below.size() * kEntryBytes;
  std::list<Number> places;  // to which the entries point
  for (const auto& [tag, entries] : directory.below) {
    places.push_back(number_in(order, place));
    first.push_back({tag, kTypeLong, 1, places.back()});
    place += bytes_of(entries);
  }
  std::ranges::stable_sort(first, {}, &TiffEntry::tag);
  Structure structure(order);
  structure.append(first);
  for (const auto& [tag, entries] : directory.below) {
    structure.append(entries);
  }
  return std::move(structure).bytes();
}

}  // namespace bulkhead::imaging
