#include "jobs/output_format.h"

#include <algorithm>
#include <array>
#include <string>

#include "files/photo_name.h"

namespace bulkhead::jobs {
namespace {

using imaging::FileFormat;
using imaging::OutputFormat;

struct NamedFormat {
  std::string_view extension;
  OutputFormat format;
};

// The first of a format is what its files are called.
constexpr std::array kWritten = {
    NamedFormat{"jpg", OutputFormat::Jpeg},  NamedFormat{"jpeg", OutputFormat::Jpeg},
    NamedFormat{"jpe", OutputFormat::Jpeg},  NamedFormat{"jfif", OutputFormat::Jpeg},
    NamedFormat{"png", OutputFormat::Png},   NamedFormat{"webp", OutputFormat::Webp},
    NamedFormat{"avif", OutputFormat::Avif},
};

constexpr std::array<std::string_view, 6> kMayBeTransparent = {"png", "gif",  "webp",
                                                               "tif", "tiff", "avif"};

// The extension that files of a format have, where it matters here.
std::string_view extension_of_content(std::optional<FileFormat> format) {
  return format ? imaging::name_of(*format) : "";
}

}  // namespace

std::optional<OutputFormat> format_named_by(std::string_view name) {
  const std::string extension = files::lower_case_extension(name);
  const auto* const known = std::ranges::find(kWritten, extension, &NamedFormat::extension);
  return known == kWritten.end() ? std::nullopt : std::optional(known->format);
}

OutputFormat format_for_name(std::string_view photo, FormatRule rule) {
  const auto own = format_named_by(photo);
  if (rule == FormatRule::Same && own) {
    return *own;
  }
  const bool may_be_transparent =
      std::ranges::find(kMayBeTransparent, files::lower_case_extension(photo)) !=
      kMayBeTransparent.end();
  return may_be_transparent ? OutputFormat::Png : OutputFormat::Jpeg;
}

OutputFormat format_for_content(std::optional<FileFormat> photo, FormatRule rule) {
  return format_for_name("." + std::string(extension_of_content(photo)), rule);
}

const char* extension_of(OutputFormat format) {
  const auto* const known = std::ranges::find(kWritten, format, &NamedFormat::format);
  return known == kWritten.end() ? "" : known->extension.data();
}

}  // namespace bulkhead::jobs
