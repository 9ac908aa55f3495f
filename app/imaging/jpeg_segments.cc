#include "imaging/jpeg_segments.h"

#include <algorithm>
#include <string_view>

#include "imaging/exif.h"
#include "imaging/with_metadata.h"

namespace bulkhead::imaging {

namespace {

using Bytes = JpegSegments::Bytes;

constexpr std::size_t kLengthBytes = 2;

/// Reads one segment from libjpeg's source, and past it; nothing where the file ends.
/// jpeg_save_markers() would do, but it walks the list of all saved segments for each one: a file
/// of tiny segments would keep it busy for seconds.
Bytes take_segment(j_decompress_ptr codec) {
  jpeg_source_mgr& source = *codec->src;
  if (source.bytes_in_buffer < kLengthBytes) {
    return {};  // libjpeg will notice.
  }
  const Bytes rest(source.next_input_byte, source.bytes_in_buffer);
  const std::size_t length =
      std::max<std::size_t>(kLengthBytes, std::size_t{rest[0]} << 8 | rest[1]);
  const Bytes payload = rest.first(std::min(length, rest.size())).subspan(kLengthBytes);
  source.skip_input_data(codec, static_cast<long>(length));
  return payload;
}

bool begins_with(const Bytes& payload, std::string_view start) {
  return payload.size() >= start.size() && std::equal(start.begin(), start.end(), payload.begin());
}

boolean on_app1(j_decompress_ptr codec) {
  const Bytes payload = take_segment(codec);
  auto& segments = *static_cast<JpegSegments*>(codec->client_data);
  if (segments.exif.empty() && is_exif(payload)) {
    segments.exif = payload;
  }
  if (segments.xmp.empty() && begins_with(payload, kXmpStart)) {
    segments.xmp = payload.subspan(kXmpStart.size());
  }
  return TRUE;
}

boolean on_app13(j_decompress_ptr codec) {
  const Bytes payload = take_segment(codec);
  auto& segments = *static_cast<JpegSegments*>(codec->client_data);
  if (segments.resources.empty()) {
    segments.resources = payload;
  }
  return TRUE;
}

boolean on_app2(j_decompress_ptr codec) {
  using namespace std::string_view_literals;
  constexpr auto kSignature = "ICC_PROFILE\0"sv;
  constexpr std::size_t kHeaderBytes = kSignature.size() + 2;
  const Bytes payload = take_segment(codec);
  if (payload.size() > kHeaderBytes && begins_with(payload, kSignature)) {
    auto& segments = *static_cast<JpegSegments*>(codec->client_data);
    segments.profile_parts[payload[kSignature.size()]] = payload.subspan(kHeaderBytes);
    segments.profile_part_count = payload[kSignature.size() + 1];
  }
  return TRUE;
}

}  // namespace

std::vector<std::byte> JpegSegments::profile() const {
  std::vector<std::byte> whole;
  for (std::size_t number = 1; number <= profile_part_count; ++number) {
    const auto part = std::as_bytes(profile_parts[number]);
    if (part.empty()) {
      return {};
    }
    whole.insert(whole.end(), part.begin(), part.end());
  }
  return whole;
}

void watch_segments(jpeg_decompress_struct& codec, JpegSegments& segments) {
  codec.client_data = &segments;
  jpeg_set_marker_processor(&codec, JPEG_APP0 + 1, on_app1);
  jpeg_set_marker_processor(&codec, JPEG_APP0 + 2, on_app2);
  jpeg_set_marker_processor(&codec, JPEG_APP0 + 13, on_app13);
}

}  // namespace bulkhead::imaging
