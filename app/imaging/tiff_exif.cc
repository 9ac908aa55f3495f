#include "imaging/tiff_exif.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "imaging/tiff_writer.h"

namespace bulkhead::imaging {

namespace {

constexpr std::uint32_t kExifDirectoryTag = 0x8769;
constexpr std::uint32_t kGpsDirectoryTag = 0x8825;
constexpr std::uint32_t kMakerNoteTag = 0x927C;
constexpr std::uint32_t kInteroperabilityTag = 0xA005;  // where one more directory is

// Description, make, model, software, date, artist, host, rating, copyright, and Windows's title,
// comment, author, keywords, subject (Exif 2.32, table 4).
constexpr std::array<std::uint32_t, 15> kKeptTags = {0x010E, 0x010F, 0x0110, 0x0131, 0x0132,
                                                     0x013B, 0x013C, 0x4746, 0x4749, 0x8298,
                                                     0x9C9B, 0x9C9C, 0x9C9D, 0x9C9E, 0x9C9F};

// Entries may all claim the same bytes. No segment of a JPEG holds more than 64 KiB of EXIF.
constexpr std::size_t kMaxBytes = 1U << 20U;

/// Takes entries until they come to too many bytes.
class Selection {
 public:
  template <class IsKept>
  std::vector<TiffEntry> of(std::vector<TiffEntry> entries, const IsKept& is_kept) {
    std::erase_if(entries, [&](const TiffEntry& entry) {
      if (!is_kept(entry.tag) || entry.value.size() > room_) {
        return true;
      }
      room_ -= entry.value.size();
      return false;
    });
    return entries;
  }

 private:
  std::size_t room_ = kMaxBytes;
};

}  // namespace

std::vector<std::byte> exif_in_tiff(std::span<const std::byte> file) {
  const auto tiff =
      TiffBytes::open({reinterpret_cast<const std::uint8_t*>(file.data()), file.size()});
  const auto first = tiff && !tiff->is_big() ? tiff->first_directory() : std::nullopt;
  if (!first) {
    return {};
  }
  Selection selection;
  TiffDirectory exif;
  exif.entries = selection.of(tiff->entries(*first), [](std::uint32_t tag) {
    return std::ranges::find(kKeptTags, tag) != kKeptTags.end();
  });
  for (const std::uint32_t tag : {kExifDirectoryTag, kGpsDirectoryTag}) {
    const auto below = tiff->value(*first, tag);
    auto entries = selection.of(
        below ? tiff->entries(*below) : std::vector<TiffEntry>(), [](std::uint32_t of_entry) {
          return of_entry != kMakerNoteTag && of_entry != kInteroperabilityTag;
        });
    if (!entries.empty()) {
      exif.below.emplace_back(tag, std::move(entries));
    }
  }
  if (exif.empty()) {
    return {};
  }
  const auto written = write_tiff(std::move(exif), tiff->order());
  const auto bytes = std::as_bytes(std::span(written));
  return {bytes.begin(), bytes.end()};
}

}  // namespace bulkhead::imaging
