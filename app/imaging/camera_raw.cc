#include "imaging/camera_raw.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "imaging/exif.h"
#include "imaging/tiff_bytes.h"

namespace bulkhead::imaging {

namespace {

using namespace std::string_view_literals;

struct Signature {
  std::size_t offset;
  std::string_view bytes;
};

constexpr std::array kSignatures = {
    Signature{8, "CR\x02\0"sv},         // Canon CR2
    Signature{4, "ftypcrx "sv},         // Canon CR3
    Signature{0, "FUJIFILMCCD-RAW"sv},  // Fujifilm RAF
    Signature{0, "IIRO"sv},             // Olympus ORF
    Signature{0, "IIRS"sv},
    Signature{0, "MMOR"sv},
    Signature{0, "IIU\0"sv},  // Panasonic RW2
};

enum Tag : std::uint32_t {
  kNewSubfileType = 0x00FE,
  kCompression = 0x0103,
  kPhotometric = 0x0106,
  kSubDirectories = 0x014A,
  kDngVersion = 0xC612,
};

constexpr std::uint32_t kReducedImage = 1;
constexpr std::uint32_t kColourFilterArray = 32803;
constexpr std::array<std::uint32_t, 3> kRawCompressions = {32767, 34713,
                                                           65535};  // Sony, Nikon, Pentax

std::string_view text_of(std::span<const std::byte> file) {
  return {reinterpret_cast<const char*>(file.data()), file.size()};
}

std::span<const std::uint8_t> bytes_of(std::span<const std::byte> file) {
  return {reinterpret_cast<const std::uint8_t*>(file.data()), file.size()};
}

/// DNG, NEF, ARW and PEF are TIFF files; what gives them away is in their first directory.
bool is_raw_tiff(std::span<const std::byte> file) {
  const std::string_view text = text_of(file);
  if (!text.starts_with("II*\0"sv) && !text.starts_with("MM\0*"sv)) {
    return false;
  }
  const auto tiff = TiffBytes::open(bytes_of(file));
  const auto directory = tiff ? tiff->first_directory() : std::nullopt;
  if (!directory) {
    return false;
  }
  const auto compression = tiff->value(*directory, kCompression);
  return tiff->has(*directory, kDngVersion) ||
         tiff->value(*directory, kPhotometric) == kColourFilterArray ||
         std::ranges::any_of(kRawCompressions,
                             [&](std::uint32_t raw) { return compression == raw; }) ||
         (tiff->value(*directory, kNewSubfileType) == kReducedImage &&
          tiff->has(*directory, kSubDirectories));
}

/// The size of a JPEG that begins here and is decoded with losses (SOF0 to SOF2); nothing for
/// anything else. Each step to the next segment is one of `steps_left`.
std::optional<Extent> size_of_jpeg(std::span<const std::uint8_t> bytes, int& steps_left) {
  constexpr std::size_t kFrameHeaderBytes = 9;
  std::size_t at = 2;
  while (at + kFrameHeaderBytes <= bytes.size() && bytes[at] == 0xFF && steps_left-- > 0) {
    const std::uint8_t marker = bytes[at + 1];
    if (marker >= 0xC0 && marker <= 0xC2) {
      return Extent{bytes[at + 7] << 8 | bytes[at + 8], bytes[at + 5] << 8 | bytes[at + 6]};
    }
    const bool is_start_of_segment =
        marker >= 0xC4 && marker != 0xD8 && marker != 0xD9 && marker != 0xDA;
    if (!is_start_of_segment) {
      return std::nullopt;
    }
    at += 2 + (std::size_t{bytes[at + 2]} << 8 | bytes[at + 3]);
  }
  return std::nullopt;
}

bool is_as_long(Extent one, Extent other) {
  return std::max(one.width, one.height) >= std::max(other.width, other.height);
}

/// Whether `one` suits better than `other`.
bool is_better(Extent one, Extent other, Extent wanted) {
  const bool is_smaller = !is_as_long(one, other);
  return is_as_long(other, wanted) ? is_as_long(one, wanted) && is_smaller
                                   : is_as_long(one, other) && one != other;
}

}  // namespace

bool is_camera_raw(std::span<const std::byte> file) {
  const std::string_view text = text_of(file);
  return std::ranges::any_of(kSignatures,
                             [text](const Signature& signature) {
                               return text.size() >= signature.offset &&
                                      text.substr(signature.offset).starts_with(signature.bytes);
                             }) ||
         is_raw_tiff(file);
}

std::span<const std::byte> find_preview(std::span<const std::byte> file, Extent wanted) {
  // Every maker hides previews in places of its own; all begin as JPEGs do.
  constexpr auto kStart = "\xFF\xD8\xFF"sv;
  // A few previews of a few dozen segments, and what looks like one in the raw data by chance. Each
  // of many starts can lead through all that are behind it, which would never come to an end.
  constexpr int kMaxSteps = 100'000;
  int steps_left = kMaxSteps;
  const std::string_view text = text_of(file);
  std::span<const std::byte> best;
  Extent best_size;
  for (std::size_t at = text.find(kStart); at != std::string_view::npos && steps_left > 0;
       at = text.find(kStart, at + 1)) {
    const auto size = size_of_jpeg(bytes_of(file.subspan(at)), steps_left);
    if (size && (best.empty() || is_better(*size, best_size, wanted))) {
      best = file.subspan(at);
      best_size = *size;
    }
  }
  return best;
}

int raw_orientation(std::span<const std::byte> file) {
  return tiff_orientation(bytes_of(file));
}

}  // namespace bulkhead::imaging
