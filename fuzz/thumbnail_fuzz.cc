// Any bytes, given to make_thumbnail(): it must return, and what it returns must be sound.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "imaging/iptc.h"
#include "imaging/one_thumbnail.h"
#include "imaging/tiff_exif.h"

namespace {

using bulkhead::imaging::make_thumbnail;
using bulkhead::imaging::OneOptions;
using bulkhead::imaging::OneThumbnail;

void require(bool is_true) {
  if (!is_true) {
    std::abort();
  }
}

bool fits(const OneThumbnail& thumbnail, const OneOptions& options) {
  const auto& [width, height] = thumbnail.size;
  return width >= 1 && height >= 1 && width <= options.box.width && height <= options.box.height &&
         width <= thumbnail.source.width && height <= thumbnail.source.height;
}

/// The thumbnail of a thumbnail is of the same size and whole.
void check_readable(const OneThumbnail& thumbnail, const OneOptions& options) {
  const auto again = make_thumbnail(thumbnail.jpeg, options);
  require(again.has_value());
  require(again->source == thumbnail.size && again->size == thumbnail.size);
  require(again->damage.empty() && again->orientation == 1);
}

/// Where the file holds a preview it is hostile, too.
void check_preview(std::span<const std::byte> file, const OneOptions& options) {
  const auto made =
      bulkhead::imaging::make_thumbnails(file, {.sizes = {{.box = options.box}},
                                                .max_pixels = options.max_pixels,
                                                .max_decoded_pixels = options.max_decoded_pixels,
                                                .from = bulkhead::imaging::PictureSource::Preview});
  require(made ? made->made.size() == 1 : !made.error().message.empty());
}

/// What a hostile file says of itself and is kept leaves the thumbnail readable and upright.
void check_kept(std::span<const std::byte> file, const OneOptions& options) {
  using namespace bulkhead::imaging;
  for (const KeptExif kept : {KeptExif::All, KeptExif::Author}) {
    const auto made = make_thumbnails(file, {.sizes = {{.box = options.box}},
                                             .profile = ProfileUse::Keep,
                                             .max_pixels = options.max_pixels,
                                             .max_decoded_pixels = options.max_decoded_pixels,
                                             .kept = {.exif = kept, .xmp = true, .iptc = true}});
    if (made) {
      const auto again = make_thumbnails(made->made[0].bytes);
      require(again && again->source == made->made[0].size && again->orientation == 1);
    }
  }
}

/// The parts of files that are read for what is kept, as if the file were one.
void check_parts(std::span<const std::byte> file) {
  using namespace bulkhead::imaging;
  const auto exif = exif_in_tiff(file);
  require(exif_in_tiff(exif) == exif);
  require(iptc_in_resources(file).size() <= file.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t byte_count) {
  // Declared sizes cost memory, not code: small limits keep the runs quick. The first bytes of a
  // JPEG never change, so the last one picks the box, and with it the DCT scale.
  constexpr int kBoxes[] = {16, 64, 128, 1000};
  const int side = byte_count == 0 ? 128 : kBoxes[bytes[byte_count - 1] % 4];
  const OneOptions options{
      .box = {side, side}, .max_pixels = 16'000'000, .max_decoded_pixels = 4'000'000};
  const auto file = std::as_bytes(std::span<const std::uint8_t>(bytes, byte_count));
  check_preview(file, options);
  check_kept(file, options);
  check_parts(file);
  const auto made = make_thumbnail(file, options);
  if (made) {
    require(fits(*made, options));
    check_readable(*made, options);
  } else {
    require(!made.error().message.empty());
  }
  return 0;
}
