#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "imaging/encoding.h"
#include "imaging/file_format.h"

namespace bulkhead::jobs {

/// How the format of a thumbnail is found.
enum class FormatRule : std::uint8_t {
  Fixed,  ///< It is one for all.
  Same,   ///< The photo's, where we write that; else as Auto has it.
  Auto,   ///< PNG for photos of formats that can be transparent, JPEG for others.
};

/// The format that the extension of a name says; nothing for one that we do not write.
std::optional<imaging::OutputFormat> format_named_by(std::string_view name);

/// The format of the thumbnail of a photo of that name, where it is not fixed. A photo's name
/// decides and not its content, so that outputs can be named before any photo is read.
imaging::OutputFormat format_for_name(std::string_view photo, FormatRule rule);

/// The same of a photo that has no name.
imaging::OutputFormat format_for_content(std::optional<imaging::FileFormat> photo, FormatRule rule);

/// "jpg", "png", "webp" or "avif".
const char* extension_of(imaging::OutputFormat format);

}  // namespace bulkhead::jobs
