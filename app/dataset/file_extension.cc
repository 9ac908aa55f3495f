#include "dataset/file_extension.h"

#include <algorithm>
#include <array>

#include "files/photo_name.h"

namespace bulkhead::dataset {
namespace {

using imaging::FileFormat;

struct Known {
  FileFormat format;
  std::string_view extension;

  friend bool operator==(const Known&, const Known&) = default;
};

// The first of a format is the usual one.
constexpr auto kKnown = std::to_array<Known>({
    {FileFormat::Jpeg, "jpg"},  {FileFormat::Jpeg, "jpeg"}, {FileFormat::Jpeg, "jpe"},
    {FileFormat::Jpeg, "jfif"}, {FileFormat::Jpeg, "mpo"},  {FileFormat::Png, "png"},
    {FileFormat::Gif, "gif"},   {FileFormat::Webp, "webp"}, {FileFormat::Tiff, "tif"},
    {FileFormat::Tiff, "tiff"}, {FileFormat::Heif, "heic"}, {FileFormat::Heif, "heif"},
    {FileFormat::Heif, "hif"},  {FileFormat::Heif, "avif"}, {FileFormat::Bmp, "bmp"},
    {FileFormat::Pnm, "pnm"},   {FileFormat::Pnm, "pbm"},   {FileFormat::Pnm, "pgm"},
    {FileFormat::Pnm, "ppm"},   {FileFormat::Raw, "raw"},   {FileFormat::Raw, "cr2"},
    {FileFormat::Raw, "cr3"},   {FileFormat::Raw, "dng"},   {FileFormat::Raw, "nef"},
    {FileFormat::Raw, "nrw"},   {FileFormat::Raw, "arw"},   {FileFormat::Raw, "pef"},
    {FileFormat::Raw, "orf"},   {FileFormat::Raw, "rw2"},   {FileFormat::Raw, "raf"},
});

}  // namespace

std::string file_extension(FileFormat format, std::string_view file_name) {
  std::string own = files::lower_case_extension(file_name);
  if (std::ranges::find(kKnown, Known{format, own}) != kKnown.end()) {
    return own;
  }
  const auto usual = std::ranges::find(kKnown, format, &Known::format);
  // A worker may have said anything.
  return std::string(usual == kKnown.end() ? "raw" : usual->extension);
}

}  // namespace bulkhead::dataset
