#include "imaging/file_format.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "imaging/camera_raw.h"

namespace bulkhead::imaging {

namespace {

using namespace std::string_view_literals;

/// Bytes that stand at one place in every file of a format.
struct Signature {
  FileFormat format;
  std::size_t offset;
  std::string_view bytes;
};

constexpr std::array kSignatures = {
    Signature{FileFormat::Png, 0, "\x89PNG\r\n\x1A\n"sv},
    Signature{FileFormat::Gif, 0, "GIF87a"sv},
    Signature{FileFormat::Gif, 0, "GIF89a"sv},
    Signature{FileFormat::Webp, 8, "WEBPVP8"sv},
    Signature{FileFormat::Tiff, 0, "II*\0"sv},
    Signature{FileFormat::Tiff, 0, "MM\0*"sv},
    Signature{FileFormat::Tiff, 0, "II+\0"sv},  // BigTIFF
    Signature{FileFormat::Tiff, 0, "MM\0+"sv},
};

/// Brands of ISO base media files that hold a still picture in HEVC or AV1 (ISO/IEC 23008-12, B.4;
/// AV1 Image File Format 1.1, 6.2).
constexpr std::array kHeifBrands = {"heic"sv, "heix"sv, "heim"sv, "heis"sv, "hevc"sv,
                                    "hevx"sv, "mif1"sv, "msf1"sv, "avif"sv, "avis"sv};

bool has_at(std::string_view file, std::size_t offset, std::string_view bytes) {
  return file.size() >= offset + bytes.size() && file.substr(offset, bytes.size()) == bytes;
}

bool is_heif(std::string_view file) {
  return has_at(file, 4, "ftyp") && std::ranges::any_of(kHeifBrands, [&](std::string_view brand) {
           return has_at(file, 8, brand);
         });
}

/// "BM", and a header of one of the known lengths.
bool is_bmp(std::string_view file) {
  return has_at(file, 0, "BM") && has_at(file, 15, "\0\0\0"sv) &&
         "\x0C\x10\x28\x34\x38\x40\x6C\x7C"sv.find(file[14]) != std::string_view::npos;
}

bool is_pnm(std::string_view file) {
  return file.size() > 2 && file[0] == 'P' && file[1] >= '1' && file[1] <= '6' &&
         " \t\r\n#"sv.find(file[2]) != std::string_view::npos;
}

/// Where the picture of a JPEG begins: not always at once.
std::optional<std::size_t> start_of_jpeg(std::string_view file) {
  constexpr std::size_t kMaxJunk = 512;
  constexpr auto kStart = "\xFF\xD8\xFF"sv;
  const std::size_t start =
      has_at(file, 0, "\xFF\xD8"sv) ? 0 : file.substr(0, kMaxJunk).find(kStart);
  return start == std::string_view::npos ? std::nullopt : std::optional(start);
}

}  // namespace

std::optional<FileFormat> format_of(std::span<const std::byte> file) {
  if (is_camera_raw(file)) {
    return FileFormat::Raw;  // many are TIFF files too
  }
  const std::string_view bytes(reinterpret_cast<const char*>(file.data()), file.size());
  for (const Signature& signature : kSignatures) {
    if (has_at(bytes, signature.offset, signature.bytes)) {
      return signature.format;
    }
  }
  if (is_heif(bytes)) {
    return FileFormat::Heif;
  }
  if (is_bmp(bytes)) {
    return FileFormat::Bmp;
  }
  if (is_pnm(bytes)) {
    return FileFormat::Pnm;
  }
  return start_of_jpeg(bytes) ? std::optional(FileFormat::Jpeg) : std::nullopt;
}

std::span<const std::byte> without_junk(std::span<const std::byte> jpeg) {
  return jpeg.subspan(
      start_of_jpeg({reinterpret_cast<const char*>(jpeg.data()), jpeg.size()}).value_or(0));
}

const char* name_of(FileFormat format) {
  switch (format) {
    case FileFormat::Jpeg:
      return "jpeg";
    case FileFormat::Png:
      return "png";
    case FileFormat::Gif:
      return "gif";
    case FileFormat::Webp:
      return "webp";
    case FileFormat::Tiff:
      return "tiff";
    case FileFormat::Heif:
      return "heif";
    case FileFormat::Bmp:
      return "bmp";
    case FileFormat::Pnm:
      return "pnm";
    case FileFormat::Raw:
      return "raw";
  }
  return "";
}

}  // namespace bulkhead::imaging
