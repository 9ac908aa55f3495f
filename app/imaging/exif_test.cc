#include "imaging/exif.h"

#include <cstddef>
#include <vector>

#include <gtest/gtest.h>

namespace bulkhead::imaging {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// A segment in one byte order, whose directory has another tag first.
Bytes segment(bool big_endian, std::uint8_t type, std::uint8_t value) {
  const auto number = [&](std::uint32_t n, std::size_t byte_count) {
    Bytes bytes;
    for (std::size_t i = 0; i < byte_count; ++i) {
      const std::size_t shift = 8 * (big_endian ? byte_count - 1 - i : i);
      bytes.push_back(static_cast<std::uint8_t>(n >> shift));
    }
    return bytes;
  };
  const std::size_t value_bytes = type == 4 ? 4 : 2;
  Bytes all = {'E', 'x', 'i', 'f', 0, 0};
  const std::uint8_t order = big_endian ? 'M' : 'I';
  for (const Bytes& part :
       {Bytes{order, order}, number(42, 2), number(8, 4), number(2, 2), number(0x010F, 2),
        number(2, 2), number(4, 4), number(0, 4), number(0x0112, 2), number(type, 2), number(1, 4),
        number(value, value_bytes), Bytes(4 - value_bytes)}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

TEST(ExifTest, ReadsBothByteOrders) {
  for (std::uint8_t value = 1; value <= 8; ++value) {
    EXPECT_EQ(exif_orientation(segment(false, 3, value)), value);
    EXPECT_EQ(exif_orientation(segment(true, 3, value)), value);
  }
}

TEST(ExifTest, ReadsAValueWrittenAsLong) {
  EXPECT_EQ(exif_orientation(segment(false, 4, 6)), 6);
  EXPECT_EQ(exif_orientation(segment(true, 4, 6)), 6);
}

TEST(ExifTest, ImpossibleValueIsUpright) {
  EXPECT_EQ(exif_orientation(segment(false, 3, 0)), 1);
  EXPECT_EQ(exif_orientation(segment(false, 3, 9)), 1);
  EXPECT_EQ(exif_orientation(segment(true, 3, 255)), 1);
}

TEST(ExifTest, ValueOfAnotherTypeIsUpright) {
  EXPECT_EQ(exif_orientation(segment(false, 2, 6)), 1);
}

TEST(ExifTest, CutAnywhereIsUprightOrRight) {
  const Bytes whole = segment(true, 3, 6);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    // A copy, so that AddressSanitizer sees a read behind its end.
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    const int orientation = exif_orientation(cut);
    EXPECT_TRUE(orientation == 1 || orientation == 6) << size;
  }
}

TEST(ExifTest, DirectoryOutsideOfTheSegmentIsUpright) {
  for (const std::size_t offset_byte : {10U, 11U, 12U, 13U}) {
    Bytes bytes = segment(false, 3, 6);
    bytes[offset_byte] = 0xFF;
    EXPECT_EQ(exif_orientation(bytes), 1) << offset_byte;
  }
}

TEST(ExifTest, CountBeyondTheSegmentStillFindsTheEntry) {
  Bytes bytes = segment(false, 3, 6);
  bytes[14] = 0xFF;
  bytes[15] = 0xFF;
  EXPECT_EQ(exif_orientation(bytes), 6);
}

TEST(ExifTest, UnknownByteOrderIsUpright) {
  Bytes bytes = segment(false, 3, 6);
  bytes[6] = 'X';
  bytes[7] = 'X';
  EXPECT_EQ(exif_orientation(bytes), 1);
}

TEST(ExifTest, XmpIsNotExif) {
  const Bytes xmp = {'h', 't', 't', 'p', ':', '/', '/'};
  EXPECT_FALSE(is_exif(xmp));
  EXPECT_EQ(exif_orientation(xmp), 1);
}

}  // namespace
}  // namespace bulkhead::imaging
