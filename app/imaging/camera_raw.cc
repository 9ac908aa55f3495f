#include "imaging/camera_raw.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <vector>

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

/// To a fiftieth: makers cut some rows off their previews. What is framed by black bars differs by
/// a tenth.
bool has_shape_of(Extent one, Extent other) {
  const std::int64_t one_way = std::int64_t{one.width} * other.height;
  const std::int64_t other_way = std::int64_t{one.height} * other.width;
  return std::abs(one_way - other_way) * 50 <= std::max(one_way, other_way);
}

struct Preview {
  std::size_t offset;
  Extent size;
};

/// Every maker hides previews in places of its own; all begin as JPEGs do.
std::vector<Preview> all_previews(std::span<const std::byte> file) {
  constexpr auto kStart = "\xFF\xD8\xFF"sv;
  // A few previews of a few dozen segments, and what looks like one in the raw data by chance. Each
  // of many starts can lead through all that are behind it, which would never come to an end.
  constexpr int kMaxSteps = 100'000;
  int steps_left = kMaxSteps;
  const std::string_view text = text_of(file);
  std::vector<Preview> all;
  for (std::size_t at = text.find(kStart); at != std::string_view::npos && steps_left > 0;
       at = text.find(kStart, at + 1)) {
    if (const auto size = size_of_jpeg(bytes_of(file.subspan(at)), steps_left)) {
      all.push_back({at, *size});
    }
  }
  return all;
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

bool is_cr3(std::span<const std::byte> file) {
  return text_of(file).substr(0, 12).ends_with("ftypcrx "sv);
}

/// What the first box of a type holds whose content begins with `start` (ISO/IEC 14496-12, 4.2),
/// behind that; empty when there is none.
std::span<const std::uint8_t> content_of_box(std::span<const std::uint8_t> boxes,
                                             std::string_view type, std::string_view start = {}) {
  constexpr std::size_t kHeaderBytes = 8;
  while (boxes.size() >= kHeaderBytes) {
    const std::size_t bytes = std::size_t{boxes[0]} << 24U | std::size_t{boxes[1]} << 16U |
                              std::size_t{boxes[2]} << 8U | std::size_t{boxes[3]};
    if (bytes < kHeaderBytes || bytes > boxes.size()) {
      return {};  // Those with a length of 64 bits hold the raw data, behind what is looked for.
    }
    const std::string_view text(reinterpret_cast<const char*>(boxes.data()), bytes);
    if (text.substr(4, type.size()) == type && text.substr(kHeaderBytes).starts_with(start)) {
      return boxes.subspan(kHeaderBytes + start.size(), bytes - kHeaderBytes - start.size());
    }
    boxes = boxes.subspan(bytes);
  }
  return {};
}

/// The TIFF structure that says of a CR3 what the first directory of other raw files says.
std::span<const std::uint8_t> first_directory_of_cr3(std::span<const std::uint8_t> file) {
  constexpr auto kCanon = "\x85\xC0\xB6\x87\x82\x0F\x11\xE0\x81\x11\xF4\xCE\x46\x2B\x6A\x48"sv;
  return content_of_box(content_of_box(content_of_box(file, "moov"), "uuid", kCanon), "CMT1");
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
  const std::vector<Preview> all = all_previews(file);
  if (all.empty()) {
    return {};
  }
  // Of the first of the largest, which has the photo's proportions.
  Preview best = all.front();
  for (const Preview& preview : all) {
    best = is_as_long(best.size, preview.size) ? best : preview;
  }
  const Extent shape = best.size;
  for (const Preview& preview : all) {
    if (has_shape_of(preview.size, shape) && is_better(preview.size, best.size, wanted)) {
      best = preview;
    }
  }
  return file.subspan(best.offset);
}

int raw_orientation(std::span<const std::byte> file) {
  const auto bytes = bytes_of(file);
  return is_cr3(file) ? tiff_orientation(first_directory_of_cr3(bytes)) : tiff_orientation(bytes);
}

}  // namespace bulkhead::imaging
