#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace bulkhead::files {

/// What is behind the last dot of a name, in lower case; of the letters only those of ASCII change,
/// since the names of photos do not depend on the locale.
std::string lower_case_extension(std::string_view name);

/// Of the extensions below the longest, in bytes.
inline constexpr std::size_t kMaxPhotoExtension = 4;

/// Whether a name's extension, without its dot, is that of a photo, in any case: jpg, jpeg, jpe,
/// jfif, mpo, png, gif, webp, tif, tiff, bmp, heic, heif, hif, avif, or that of a camera's raw
/// file: cr2, cr3, dng, nef, nrw, arw, pef, orf, rw2 or raf.
bool is_photo_extension(std::string_view extension);

/// Whether a name ends in a dot and such an extension.
bool is_photo_name(std::string_view name);

}  // namespace bulkhead::files
