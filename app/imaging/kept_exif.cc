#include "imaging/kept_exif.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "imaging/exif.h"
#include "imaging/tiff_bytes.h"
#include "imaging/tiff_writer.h"

namespace bulkhead::imaging {

namespace {

using Bytes = std::vector<std::uint8_t>;
using View = std::span<const std::uint8_t>;

constexpr std::uint32_t kOrientationTag = 0x0112;
constexpr std::uint32_t kArtistTag = 0x013B;
constexpr std::uint32_t kCopyrightTag = 0x8298;
constexpr std::uint32_t kExifDirectoryTag = 0x8769;
constexpr std::uint32_t kWidthTag = 0xA002;
constexpr std::uint32_t kHeightTag = 0xA003;
constexpr std::size_t kHeaderBytes = 8;  // of a structure

View view_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

std::vector<std::byte> as_bytes(const Bytes& bytes) {
  const auto view = std::as_bytes(std::span(bytes));
  return {view.begin(), view.end()};
}

std::optional<std::uint32_t> first_directory(View exif) {
  const auto tiff = TiffBytes::open(exif);
  return tiff ? tiff->first_directory() : std::nullopt;
}

void write_value(Bytes& exif, std::uint32_t directory, std::uint32_t tag, int value) {
  const auto place = TiffBytes::open(exif)->place_of_value(directory, tag);
  if (place) {
    TiffBytes::write(exif, *place, static_cast<std::uint32_t>(value));
  }
}

/// Cuts the preview off where it is the last, as it mostly is; else blanks it, since all that lies
/// behind it is known by its place.
void remove_preview(Bytes& exif) {
  const View preview = tiff_preview(exif);
  const auto begin = exif.begin() + (preview.empty() ? 0 : preview.data() - exif.data());
  const auto end = begin + static_cast<std::ptrdiff_t>(preview.size());
  std::fill(begin, end, std::uint8_t{0});
  exif.erase(end == exif.end() ? begin : end, end);
}

}  // namespace

std::vector<std::byte> exif_of_thumbnail(std::span<const std::byte> exif, Extent extent,
                                         int orientation) {
  const View view = view_of(exif);
  Bytes kept(view.begin(), view.end());
  remove_preview(kept);
  // Asked for when the preview is gone: in a broken one all may lie upon all.
  const auto directory = first_directory(kept);
  if (!directory) {
    return {};
  }
  const auto tiff = TiffBytes::open(kept);
  const auto next = tiff->place_of_next(*directory);
  if (next && next->offset >= kHeaderBytes) {
    TiffBytes::write(kept, *next, 0);
  }
  if (const auto details = tiff->value(*directory, kExifDirectoryTag)) {
    write_value(kept, *details, kWidthTag, extent.width);
    write_value(kept, *details, kHeightTag, extent.height);
  }
  write_value(kept, *directory, kOrientationTag, orientation);
  return as_bytes(kept);
}

std::vector<std::byte> exif_of_author(std::span<const std::byte> exif) {
  constexpr std::uint32_t kTypeText = 2;
  const View view = view_of(exif);
  const auto directory = first_directory(view);
  TiffDirectory kept;
  for (const std::uint32_t tag : {kArtistTag, kCopyrightTag}) {
    const View text = directory ? TiffBytes::open(view)->text(*directory, tag) : View{};
    if (!text.empty()) {
      kept.entries.push_back({tag, kTypeText, static_cast<std::uint32_t>(text.size()), text});
    }
  }
  return kept.empty() ? std::vector<std::byte>()
                      : as_bytes(write_tiff(std::move(kept), ByteOrder::Big));
}

}  // namespace bulkhead::imaging
