#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace bulkhead::imaging {

/// Which byte of a number stands first.
enum class ByteOrder : std::uint8_t { Little, Big };

/// One entry of a directory. What it says is in the order of the structure.
struct TiffEntry {
  std::uint32_t tag = 0;
  std::uint32_t type = 0;
  std::uint32_t count = 0;
  std::span<const std::uint8_t> value = {};
};

/// Reads the directories of a TIFF structure (TIFF 6.0, section 2), as EXIF and camera raw files
/// have them too. What lies outside of the bytes reads as nothing.
class TiffBytes {
 public:
  /// Nothing unless the bytes begin with "II" or "MM".
  static std::optional<TiffBytes> open(std::span<const std::uint8_t> bytes);

  /// Where a number stands.
  struct Place {
    std::size_t offset;
    std::size_t byte_count;  ///< 2 or 4
  };

  ByteOrder order() const { return is_big_endian_ ? ByteOrder::Big : ByteOrder::Little; }

  /// Whether it is of the newer kind with long offsets, of which this reads nothing.
  bool is_big() const { return read(2, 2) == 43; }

  /// Where the first directory is.
  std::optional<std::uint32_t> first_directory() const { return read(4, 4); }

  /// Where the directory behind the one at `directory` is; 0: there is none.
  std::optional<std::uint32_t> next_directory(std::uint32_t directory) const;

  /// Where that is said.
  std::optional<Place> place_of_next(std::uint32_t directory) const;

  /// The first value of an entry of the directory at `directory`: a SHORT or a LONG.
  std::optional<std::uint32_t> value(std::uint32_t directory, std::uint32_t tag) const;

  /// Where the first value of such an entry stands.
  std::optional<Place> place_of_value(std::uint32_t directory, std::uint32_t tag) const;

  /// The entries of the directory at `directory`, but those of unknown types and those whose values
  /// are not within the bytes.
  std::vector<TiffEntry> entries(std::uint32_t directory) const;

  /// The text of an entry, its last zero byte included; empty when there is none.
  std::span<const std::uint8_t> text(std::uint32_t directory, std::uint32_t tag) const;

  /// Writes a number at a place of a structure, in its order.
  static void write(std::span<std::uint8_t> structure, const Place& place, std::uint32_t number);

  /// Whether the directory has an entry, of whatever type.
  bool has(std::uint32_t directory, std::uint32_t tag) const {
    return find(directory, tag).has_value();
  }

 private:
  TiffBytes(std::span<const std::uint8_t> bytes, bool is_big_endian)
      : bytes_(bytes), is_big_endian_(is_big_endian) {}

  std::optional<std::uint32_t> read(std::size_t offset, std::size_t byte_count) const;
  /// The entry at a place in a directory; nothing where it is broken.
  std::optional<TiffEntry> entry_at(std::size_t place) const;
  /// Where the entry is.
  std::optional<std::size_t> find(std::uint32_t directory, std::uint32_t tag) const;

  std::span<const std::uint8_t> bytes_;
  bool is_big_endian_;
};

}  // namespace bulkhead::imaging
