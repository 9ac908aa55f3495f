#include "imaging/exif_segment.h"

#include <algorithm>
#include <cstddef>

#include "imaging/exif.h"

namespace bulkhead::imaging {

namespace {

using Segment = std::span<const std::uint8_t>;

constexpr std::size_t kLengthBytes = 2;

/// Reads one APP1 segment from libjpeg's source. jpeg_save_markers() would do, but it walks the
/// list of all saved segments for each one: a file of tiny segments would keep it busy for seconds.
boolean on_app1(j_decompress_ptr codec) {
  jpeg_source_mgr& source = *codec->src;
  if (source.bytes_in_buffer < kLengthBytes) {
    return TRUE;  // The file ends here; libjpeg will notice.
  }
  const Segment rest(source.next_input_byte, source.bytes_in_buffer);
  const std::size_t length =
      std::max<std::size_t>(kLengthBytes, std::size_t{rest[0]} << 8 | rest[1]);
  const Segment payload = rest.first(std::min(length, rest.size())).subspan(kLengthBytes);
  auto& exif = *static_cast<Segment*>(codec->client_data);
  if (exif.empty() && is_exif(payload)) {
    exif = payload;
  }
  source.skip_input_data(codec, static_cast<long>(length));
  return TRUE;
}

}  // namespace

void watch_for_exif(jpeg_decompress_struct& codec, std::span<const std::uint8_t>& exif) {
  codec.client_data = &exif;
  jpeg_set_marker_processor(&codec, JPEG_APP0 + 1, on_app1);
}

}  // namespace bulkhead::imaging
