#include "files/photo_name.h"

#include <algorithm>
#include <array>

namespace bulkhead::files {
namespace {

constexpr std::array<std::string_view, 25> kPhotoExtensions = {
    "jpg", "jpeg", "jpe", "jfif", "mpo", "png", "gif", "webp", "tif", "tiff", "bmp", "heic", "heif",
    "hif", "avif", "cr2", "cr3",  "dng", "nef", "nrw", "arw",  "pef", "orf",  "rw2", "raf"};

static_assert(std::ranges::all_of(kPhotoExtensions, [](std::string_view extension) {
  return extension.size() <= kMaxPhotoExtension;
}));

char in_lower_case(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

}  // namespace

std::string lower_case_extension(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  std::string extension(name.substr(dot == std::string_view::npos ? name.size() : dot + 1));
  std::ranges::transform(extension, extension.begin(), in_lower_case);
  return extension;
}

bool is_photo_extension(std::string_view extension) {
  return std::ranges::any_of(kPhotoExtensions, [extension](std::string_view known) {
    return std::ranges::equal(extension, known, {}, in_lower_case);
  });
}

bool is_photo_name(std::string_view name) {
  return is_photo_extension(lower_case_extension(name));
}

}  // namespace bulkhead::files
