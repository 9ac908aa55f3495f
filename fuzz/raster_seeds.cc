#include "raster_seeds.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <string>
#include <string_view>

#include <webp/encode.h>

#include "imaging/with_metadata.h"
#include "photos/photo.h"

namespace bulkhead::fuzz {
namespace {

using namespace std::string_literals;

using Bytes = std::vector<std::uint8_t>;

Bytes bytes_of(std::string_view text) {
  return {text.begin(), text.end()};
}

std::string little(std::uint32_t number, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) {
    text += static_cast<char>(number >> (8 * i));
  }
  return text;
}

// What stands between the sizes of a bitmap and its pixels.
struct Coding {
  std::uint32_t bits;
  std::uint32_t compression;
  std::string tables;  // masks or palette
};

constexpr std::uint32_t kWidth = 20;
constexpr std::uint32_t kHeight = 12;

Bytes bitmap(const Coding& coding, const std::string& row) {
  const auto offset = static_cast<std::uint32_t>(54 + coding.tables.size());
  std::string file = "BM" + little(0, 4) + little(0, 4) + little(offset, 4) + little(40, 4) +
                     little(kWidth, 4) + little(kHeight, 4) + little(1, 2) +
                     little(coding.bits, 2) + little(coding.compression, 4) +
                     std::string(20, '\0') + coding.tables;
  for (std::uint32_t y = 0; y < kHeight; ++y) {
    file += row;
  }
  return bytes_of(file + "\0\1"s);
}

std::string palette(std::uint32_t colours) {
  std::string entries;
  for (std::uint32_t i = 0; i < colours; ++i) {
    entries += little(i * 0x0A0B0D, 4);
  }
  return entries;
}

// A TIFF whose first directory has an orientation and the version of DNG.
std::string dng_header() {
  return "II*\0\x08\0\0\0\x02\0"s + "\x12\x01\x03\0\x01\0\0\0\x06\0\0\0"s +
         "\x12\xC6\x01\0\x04\0\0\0\x01\x04\0\0"s + "\0\0\0\0"s;
}

// Noise with holes in it.
Bytes noise(std::uint32_t bytes_per_pixel) {
  Bytes pixels(std::size_t{kWidth} * kHeight * bytes_per_pixel);
  std::uint32_t state = 1;
  for (std::uint8_t& value : pixels) {
    state = state * 1664525U + 1013904223U;
    value = static_cast<std::uint8_t>(state >> 28U << 4U);
  }
  return pixels;
}

// What an encoder of libwebp has written, and what else is in the file.
Bytes webp(std::size_t size, std::uint8_t* written, const imaging::Metadata& metadata = {}) {
  const auto view = std::as_bytes(std::span(written, size));
  const auto file =
      imaging::webp_with({view.begin(), view.end()}, {int{kWidth}, int{kHeight}}, metadata);
  WebPFree(written);
  const auto* const begin = reinterpret_cast<const std::uint8_t*>(file.data());
  return {begin, begin + file.size()};
}

std::vector<Bytes> webps() {
  constexpr int kWide = kWidth;
  constexpr int kHigh = kHeight;
  constexpr float kQuality = 60;
  const imaging::Metadata metadata{.profile = std::vector(40, std::byte{'p'}),
                                   .exif = std::vector(40, std::byte{'M'})};
  std::uint8_t* out = nullptr;
  std::vector<Bytes> files;
  std::size_t size = WebPEncodeRGB(noise(3).data(), kWide, kHigh, 3 * kWide, kQuality, &out);
  files.push_back(webp(size, out));
  size = WebPEncodeRGBA(noise(4).data(), kWide, kHigh, 4 * kWide, kQuality, &out);
  files.push_back(webp(size, out, metadata));
  size = WebPEncodeLosslessRGBA(noise(4).data(), kWide, kHigh, 4 * kWide, &out);
  files.push_back(webp(size, out));
  return files;
}

}  // namespace

std::vector<Bytes> raster_seeds() {
  const std::string masks =
      little(0xFF0000, 4) + little(0xFF00, 4) + little(0xFF, 4) + little(0xFF000000, 4);
  const std::string end_of_row = "\0\0"s;
  const Bytes jpeg = test_photos::make_photo_bytes({.width = 160, .height = 120});
  const std::string preview(jpeg.begin(), jpeg.end());
  std::vector<Bytes> seeds = {
      bitmap({.bits = 1, .compression = 0, .tables = palette(2)}, "\xA5\x5A\xF0\0"s),
      bitmap({.bits = 24, .compression = 0, .tables = ""}, std::string(3 * kWidth, 'q')),
      bitmap({.bits = 32, .compression = 6, .tables = masks}, std::string(4 * kWidth, 'q')),
      bitmap({.bits = 8, .compression = 1, .tables = palette(256)},
             "\x0A\x20\0\x03\x01\x02\x03\0\0\x02\x02\0\x05\x07"s + end_of_row),
      bitmap({.bits = 4, .compression = 2, .tables = palette(16)},
             "\x0A\x21\0\x05\x12\x34\x50\0\x05\x77"s + end_of_row),
      bytes_of("FUJIFILMCCD-RAW 0201" + std::string(80, '\0') + preview),
      bytes_of(dng_header() + preview)};
  seeds.push_back(
      bytes_of("Photoshop 3.0\0"
               "8BIM\x03\xED\0\0\0\0\0\x02"
               "ab"
               "8BIM\x04\x04\x02"
               "me\0\0\0\0\x05"
               "IPTC!\0"s));
  seeds.push_back(bytes_of("II*\0\x08\0\0\0\x02\0"s + "\x0F\x01\x02\0\x06\0\0\0\x38\0\0\0"s +
                           "\x69\x87\x04\0\x01\0\0\0\x26\0\0\0"s + "\0\0\0\0"s +
                           "\x01\0\x9A\x82\x05\0\x01\0\0\0\x38\0\0\0\0\0\0\0"s + "Canon\0\0\0"s));
  std::ranges::move(webps(), std::back_inserter(seeds));
  return seeds;
}

}  // namespace bulkhead::fuzz
