#include "imaging/jpeg_encoder.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>

#include "imaging/libjpeg_guard.h"

namespace bulkhead::imaging {

namespace {

constexpr std::size_t kMaxPlanes = 3;
constexpr int kMaxLumaLines = 2 * DCTSIZE;

/// Repeats the last sample of each row to the end of its block, as the encoder reads whole blocks.
void pad_to_blocks(Plane& plane) {
  const int padded_width = (plane.width() + DCTSIZE - 1) / DCTSIZE * DCTSIZE;
  for (int y = 0; y < plane.height(); ++y) {
    std::uint8_t* row = plane.row(y);
    std::fill(row + plane.width(), row + padded_width, row[plane.width() - 1]);
  }
}

/// The libjpeg object, and the buffer that libjpeg allocates for the file.
struct Encoder {
  Encoder() { codec.err = prepare_messages(messages); }
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;
  ~Encoder() {
    jpeg_destroy_compress(&codec);
    std::free(buffer);
  }

  void prepare(Extent size, J_COLOR_SPACE space, const Encoding& encoding, Chroma chroma);
  void write_block_rows(std::span<Plane> planes);
  Expected<std::vector<std::byte>, ImageError> result(bool is_written);

  jpeg_compress_struct codec{};
  LibjpegMessages messages;
  unsigned char* buffer = nullptr;
  unsigned long buffer_bytes = 0;
};

void Encoder::prepare(Extent size, J_COLOR_SPACE space, const Encoding& encoding, Chroma chroma) {
  jpeg_create_compress(&codec);
  jpeg_mem_dest(&codec, &buffer, &buffer_bytes);
  codec.image_width = static_cast<JDIMENSION>(size.width);
  codec.image_height = static_cast<JDIMENSION>(size.height);
  codec.input_components = space == JCS_GRAYSCALE ? 1 : static_cast<int>(kMaxPlanes);
  codec.in_color_space = space;
  jpeg_set_defaults(&codec);  // 4:2:0, unless grey
  if (chroma == Chroma::Full) {
    codec.comp_info[0].h_samp_factor = 1;
    codec.comp_info[0].v_samp_factor = 1;
  }
  jpeg_set_quality(&codec, encoding.quality, TRUE);
  codec.optimize_coding = encoding.tables == HuffmanTables::Optimized ? TRUE : FALSE;
  if (encoding.scans == JpegScans::Progressive) {
    jpeg_simple_progression(&codec);
  }
}

/// One row of MCUs. Below the picture its last row is repeated.
void Encoder::write_block_rows(std::span<Plane> planes) {
  std::array<std::array<JSAMPROW, kMaxLumaLines>, kMaxPlanes> rows;
  std::array<JSAMPARRAY, kMaxPlanes> components{};
  const int mcu_row = static_cast<int>(codec.next_scanline) / (codec.max_v_samp_factor * DCTSIZE);
  for (std::size_t c = 0; c < planes.size(); ++c) {
    const int lines = codec.comp_info[c].v_samp_factor * DCTSIZE;
    for (int line = 0; line < lines; ++line) {
      const int y = std::min(mcu_row * lines + line, planes[c].height() - 1);
      rows[c][static_cast<std::size_t>(line)] = planes[c].row(y);
    }
    components[c] = rows[c].data();
  }
  jpeg_write_raw_data(&codec, components.data(), kMaxLumaLines);
}

/// The file, when it was written to its end.
Expected<std::vector<std::byte>, ImageError> Encoder::result(bool is_written) {
  if (!is_written) {
    return Unexpected(error_of(messages));
  }
  std::vector<std::byte> file(buffer_bytes);
  std::memcpy(file.data(), buffer, file.size());
  return file;
}

}  // namespace

Expected<std::vector<std::byte>, ImageError> encode_jpeg(Picture picture,
                                                         const Encoding& encoding) {
  std::span<Plane> planes(picture.planes);
  std::for_each(planes.begin(), planes.end(), pad_to_blocks);
  const J_COLOR_SPACE space = planes.size() == 1 ? JCS_GRAYSCALE : JCS_YCbCr;
  const Chroma chroma = planes.back().extent() == picture.extent() ? Chroma::Full : Chroma::Halved;
  Encoder encoder;
  return encoder.result(guarded(encoder.messages, [&] {
    encoder.prepare(picture.extent(), space, encoding, chroma);
    encoder.codec.raw_data_in = TRUE;
    jpeg_start_compress(&encoder.codec, TRUE);
    while (encoder.codec.next_scanline < encoder.codec.image_height) {
      encoder.write_block_rows(planes);
    }
    jpeg_finish_compress(&encoder.codec);
  }));
}

Expected<std::vector<std::byte>, ImageError> encode_jpeg(std::span<const std::byte> samples,
                                                         Extent size, const Encoding& encoding) {
  const bool is_grey = samples.size() == area(size);
  const std::size_t row_bytes = samples.size() / static_cast<std::size_t>(size.height);
  Encoder encoder;
  return encoder.result(guarded(encoder.messages, [&] {
    encoder.prepare(size, is_grey ? JCS_GRAYSCALE : JCS_RGB, encoding, encoding.chroma);
    jpeg_start_compress(&encoder.codec, TRUE);
    while (encoder.codec.next_scanline < encoder.codec.image_height) {
      // libjpeg reads rows only, but its type does not say so.
      auto* row = const_cast<JSAMPROW>(  // NOLINT(cppcoreguidelines-pro-type-const-cast)
          reinterpret_cast<const JSAMPLE*>(samples.data()) +
          encoder.codec.next_scanline * row_bytes);
      jpeg_write_scanlines(&encoder.codec, &row, 1);
    }
    jpeg_finish_compress(&encoder.codec);
  }));
}

}  // namespace bulkhead::imaging
