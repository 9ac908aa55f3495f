#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace bulkhead::imaging {

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
  /// Where the entry is.
  std::optional<std::size_t> find(std::uint32_t directory, std::uint32_t tag) const;

  std::span<const std::uint8_t> bytes_;
  bool is_big_endian_;
};

}  // namespace bulkhead::imaging
