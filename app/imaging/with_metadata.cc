#include "imaging/with_metadata.h"

#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>

#include "imaging/iptc.h"
#include "imaging/png_chunks.h"
#include "imaging/webp_chunks.h"

namespace bulkhead::imaging {

namespace {

using namespace std::string_view_literals;

using Bytes = std::vector<std::byte>;
using View = std::span<const std::byte>;

void append(Bytes& bytes, std::string_view text) {
  const auto view = std::as_bytes(std::span(text));
  bytes.insert(bytes.end(), view.begin(), view.end());
}

void append(Bytes& bytes, View more) {
  bytes.insert(bytes.end(), more.begin(), more.end());
}

void append_big_endian(Bytes& bytes, std::size_t number, int byte_count) {
  for (int shift = 8 * (byte_count - 1); shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<std::byte>(number >> shift));
  }
}

void append_little_endian(Bytes& bytes, std::size_t number, int byte_count) {
  for (int shift = 0; shift < 8 * byte_count; shift += 8) {
    bytes.push_back(static_cast<std::byte>(number >> shift));
  }
}

// A length counts itself, which are two bytes.
constexpr std::size_t kMaxSegmentBytes = 65535 - 2;

void append_segment(Bytes& bytes, std::uint8_t marker, std::string_view start, View payload) {
  append_big_endian(bytes, 0xFF00U | marker, 2);
  append_big_endian(bytes, 2 + start.size() + payload.size(), 2);
  append(bytes, start);
  append(bytes, payload);
}

/// Where there is something that fits in.
void append_one_segment(Bytes& bytes, std::uint8_t marker, std::string_view start, View payload) {
  if (!payload.empty() && payload.size() <= kMaxSegmentBytes - start.size()) {
    append_segment(bytes, marker, start, payload);
  }
}

/// The payload of iTXt: a keyword, not packed, no language, no keyword in it.
Bytes text_chunk(View xmp) {
  Bytes payload;
  append(payload, "XML:com.adobe.xmp\0\0\0\0\0"sv);
  append(payload, xmp);
  return payload;
}

/// In parts, which are numbered from 1 (ICC.1:2010, B.4).
void append_profile_segments(Bytes& bytes, View profile) {
  constexpr auto kStart = "ICC_PROFILE\0"sv;
  constexpr std::size_t kPartBytes = kMaxSegmentBytes - kStart.size() - 2;
  constexpr std::size_t kMaxParts = 255;
  const std::size_t count = (profile.size() + kPartBytes - 1) / kPartBytes;
  if (count > kMaxParts) {
    return;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const std::string numbers = {static_cast<char>(i + 1), static_cast<char>(count)};
    append_segment(bytes, 0xE2, std::string(kStart) + numbers,
                   profile.subspan(i * kPartBytes)
                       .first(std::min(kPartBytes, profile.size() - i * kPartBytes)));
  }
}

/// The payload of iCCP: a name, the method, the profile deflated.
Bytes packed_profile(View profile) {
  Bytes payload;
  append(payload, "ICC\0\0"sv);
  const std::size_t start = payload.size();
  uLongf size = compressBound(profile.size());
  payload.resize(start + size);
  compress(reinterpret_cast<Bytef*>(payload.data() + start), &size,
           reinterpret_cast<const Bytef*>(profile.data()), profile.size());
  payload.resize(start + size);
  return payload;
}

void append_riff_chunk(Bytes& bytes, std::string_view type, View payload) {
  if (payload.empty()) {
    return;
  }
  append(bytes, type);
  append_little_endian(bytes, payload.size(), 4);
  append(bytes, payload);
  bytes.resize(bytes.size() + payload.size() % 2);
}

/// The chunks of a WebP that are its picture.
struct WebpPicture {
  Bytes chunks = {};
  bool has_alpha = false;
  bool is_in_parts = false;  ///< Alpha stands by itself, so that there must be an extended header.
};

void add_chunk(WebpPicture& picture, std::string_view type, View payload) {
  constexpr std::size_t kLosslessHeaderBytes = 5;
  constexpr unsigned kLosslessAlpha = 0x10;  // bit 28 behind the signature
  if (type == "ALPH") {
    picture.has_alpha = true;
    picture.is_in_parts = true;
  } else if (type == "VP8L" && payload.size() >= kLosslessHeaderBytes) {
    picture.has_alpha = (std::to_integer<unsigned>(payload[4]) & kLosslessAlpha) != 0;
  } else if (type != "VP8 ") {
    return;
  }
  append_riff_chunk(picture.chunks, type, payload);
}

WebpPicture picture_of(View webp) {
  WebpPicture picture;
  WebpChunks chunks(webp);
  while (const auto chunk = chunks.next()) {
    add_chunk(picture, chunk->type, chunk->payload);
  }
  return picture;
}

Bytes extended_header(const WebpPicture& picture, Extent extent, const Metadata& metadata) {
  const unsigned flags = (metadata.profile.empty() ? 0U : 0x20U) |
                         (picture.has_alpha ? 0x10U : 0U) | (metadata.exif.empty() ? 0U : 0x08U) |
                         (metadata.xmp.empty() ? 0U : 0x04U);
  Bytes header = {static_cast<std::byte>(flags), {}, {}, {}};
  append_little_endian(header, static_cast<std::size_t>(extent.width) - 1, 3);
  append_little_endian(header, static_cast<std::size_t>(extent.height) - 1, 3);
  return header;
}

}  // namespace

Bytes jpeg_with(Bytes jpeg, const Metadata& metadata) {
  Bytes segments;
  append_one_segment(segments, 0xE1, "Exif\0\0"sv, metadata.exif);
  append_one_segment(segments, 0xE1, kXmpStart, metadata.xmp);
  append_profile_segments(segments, metadata.profile);
  if (!metadata.iptc.empty()) {
    append_one_segment(segments, 0xED, "", resources_with_iptc(metadata.iptc));
  }
  // Behind the start of the picture and the segment of JFIF, which our encoder writes.
  constexpr std::ptrdiff_t kStartBytes = 20;
  jpeg.insert(jpeg.begin() + kStartBytes, segments.begin(), segments.end());
  return jpeg;
}

Bytes png_with(Bytes png, const Metadata& metadata) {
  PngChunks chunks;
  if (!metadata.profile.empty()) {
    chunks.push_back({"iCCP", packed_profile(metadata.profile)});
  }
  if (!metadata.exif.empty()) {
    chunks.push_back({"eXIf", metadata.exif});
  }
  if (!metadata.xmp.empty()) {
    chunks.push_back({"iTXt", text_chunk(metadata.xmp)});
  }
  return with_chunks(png, chunks);
}

// WebP Container Specification, "Extended File Format".
Bytes webp_with(const Bytes& webp, Extent extent, const Metadata& metadata) {
  const WebpPicture picture = picture_of(webp);
  Bytes chunks;
  append(chunks, "WEBP"sv);
  if (picture.is_in_parts || !metadata.empty()) {
    append_riff_chunk(chunks, "VP8X", extended_header(picture, extent, metadata));
  }
  append_riff_chunk(chunks, "ICCP", metadata.profile);
  append(chunks, picture.chunks);
  append_riff_chunk(chunks, "EXIF", metadata.exif);
  append_riff_chunk(chunks, "XMP ", metadata.xmp);
  Bytes result;
  append_riff_chunk(result, "RIFF", chunks);
  return result;
}

}  // namespace bulkhead::imaging
