// jpeglib.h uses FILE and size_t without declaring them, so the order matters.
// clang-format off
#include <cstdio>
#include <jpeglib.h>
// clang-format on

#include <algorithm>

#include "photos/photo.h"

namespace bulkhead::test_photos {

namespace {

void count_segments(const jpeg_decompress_struct& codec, DecodedPhoto& photo) {
  for (auto* marker = codec.marker_list; marker != nullptr; marker = marker->next) {
    ++photo.metadata_segments;
  }
}

void read_rows(jpeg_decompress_struct& codec, DecodedPhoto& photo) {
  const int channels = codec.output_components;
  std::vector<std::uint8_t> row(static_cast<std::size_t>(photo.pixels.width * channels));
  for (int y = 0; y < photo.pixels.height; ++y) {
    JSAMPROW pointer = row.data();
    jpeg_read_scanlines(&codec, &pointer, 1);
    for (int x = 0; x < photo.pixels.width; ++x) {
      for (int c = 0; c < 3; ++c) {
        photo.pixels.at(x, y)[c] =
            row[static_cast<std::size_t>(x * channels + std::min(c, channels - 1))];
      }
    }
  }
}

}  // namespace

DecodedPhoto decode_photo(std::span<const std::byte> file, Channels channels) {
  jpeg_decompress_struct codec{};
  jpeg_error_mgr messages{};
  codec.err = jpeg_std_error(&messages);
  jpeg_create_decompress(&codec);
  for (int marker = JPEG_APP0 + 1; marker <= JPEG_APP0 + 15; ++marker) {
    jpeg_save_markers(&codec, marker, 0xFFFF);
  }
  jpeg_save_markers(&codec, JPEG_COM, 0xFFFF);
  jpeg_mem_src(&codec, reinterpret_cast<const unsigned char*>(file.data()), file.size());
  jpeg_read_header(&codec, TRUE);
  DecodedPhoto photo;
  photo.components = codec.num_components;
  photo.has_jfif = codec.saw_JFIF_marker != FALSE;
  photo.luma_factors = {codec.comp_info[0].h_samp_factor, codec.comp_info[0].v_samp_factor};
  photo.luma_quantizer = codec.quant_tbl_ptrs[0]->quantval[0];
  count_segments(codec, photo);
  if (codec.num_components == 3) {
    codec.out_color_space = channels == Channels::Rgb ? JCS_RGB : JCS_YCbCr;
  }
  jpeg_start_decompress(&codec);
  photo.pixels.width = static_cast<int>(codec.output_width);
  photo.pixels.height = static_cast<int>(codec.output_height);
  photo.pixels.rgb.resize(std::size_t{codec.output_width} * codec.output_height * 3);
  read_rows(codec, photo);
  jpeg_finish_decompress(&codec);
  photo.warnings = codec.err->num_warnings;
  jpeg_destroy_decompress(&codec);
  return photo;
}

}  // namespace bulkhead::test_photos
