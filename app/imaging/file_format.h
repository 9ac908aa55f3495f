#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace bulkhead::imaging {

/// The formats of image files that this room knows. Heif is HEIC and AVIF, Pnm is PBM, PGM and PPM,
/// Raw is the data of a camera with a preview in it.
enum class FileFormat : std::uint8_t { Jpeg, Png, Gif, Webp, Tiff, Heif, Bmp, Pnm, Raw };

/// The format that the first bytes of a file show, whatever its name says; nothing when they show
/// none of these.
std::optional<FileFormat> format_of(std::span<const std::byte> file);

/// What begins with the picture in a file of the format Jpeg, some of which have junk before it.
std::span<const std::byte> without_junk(std::span<const std::byte> jpeg);

/// The format's name in lower case: "png".
const char* name_of(FileFormat format);

}  // namespace bulkhead::imaging
