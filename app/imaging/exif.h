#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace bulkhead::imaging {

/// True when the payload of an APP1 segment is EXIF (XMP lives in APP1 too).
bool is_exif(std::span<const std::uint8_t> app1);

/// The orientation, 1 to 8, that the payload of an EXIF segment declares in its first directory;
/// 1 when it declares none, an impossible one, or when the segment is broken.
int exif_orientation(std::span<const std::uint8_t> app1);

/// The small JPEG that the payload of an EXIF segment holds in its second directory; empty when
/// there is none.
std::span<const std::uint8_t> exif_preview(std::span<const std::uint8_t> app1);

/// The same of the TIFF structure by itself, which the payload holds behind six bytes.
std::span<const std::uint8_t> tiff_preview(std::span<const std::uint8_t> bytes);

/// That structure in the payload of an EXIF segment; empty when it is none.
std::span<const std::uint8_t> exif_structure(std::span<const std::uint8_t> app1);

/// The structure in the EXIF of other formats than JPEG, some of which hold the six bytes, too.
std::span<const std::byte> tiff_structure(std::span<const std::byte> exif);

/// The orientation that the structure by itself declares, as other formats than JPEG hold it.
int tiff_orientation(std::span<const std::uint8_t> bytes);

}  // namespace bulkhead::imaging
