// jpeglib.h uses FILE and size_t without declaring them, so the order matters.
// clang-format off
#include <cstdio>
#include <jpeglib.h>
// clang-format on

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>

#include "photos/photo.h"

namespace bulkhead::test_photos {

namespace {

struct Factors {
  int horizontal;
  int vertical;
};

Factors luma_factors(Sampling sampling) {
  switch (sampling) {
    case Sampling::S444:
      return {1, 1};
    case Sampling::S422:
      return {2, 1};
    case Sampling::S420:
      return {2, 2};
    case Sampling::S440:
      return {1, 2};
    case Sampling::S411:
      return {4, 1};
  }
  return {1, 1};
}

bool is_ink(Coding coding) {
  return coding == Coding::Cmyk || coding == Coding::InvertedCmyk || coding == Coding::InvertedYcck;
}

J_COLOR_SPACE stored_space(Coding coding) {
  switch (coding) {
    case Coding::YCbCr:
      return JCS_YCbCr;
    case Coding::Grey:
      return JCS_GRAYSCALE;
    case Coding::Rgb:
      return JCS_RGB;
    case Coding::Cmyk:
    case Coding::InvertedCmyk:
      return JCS_CMYK;
    case Coding::InvertedYcck:
      return JCS_YCCK;
  }
  return JCS_YCbCr;
}

/// Inks with all the black taken out of the colours; 255 is all the ink.
std::array<std::uint8_t, 4> to_ink(const std::uint8_t* rgb, bool is_inverted) {
  const int white = *std::max_element(rgb, rgb + 3);
  std::array<std::uint8_t, 4> ink{};
  for (std::size_t c = 0; c < 3; ++c) {
    ink[c] = static_cast<std::uint8_t>(white == 0 ? 0 : (white - rgb[c]) * 255 / white);
  }
  ink[3] = static_cast<std::uint8_t>(255 - white);
  if (is_inverted) {
    for (auto& channel : ink) {
      channel = static_cast<std::uint8_t>(255 - channel);
    }
  }
  return ink;
}

std::vector<std::uint8_t> ink_row(const Pixels& pixels, int y, bool is_inverted) {
  std::vector<std::uint8_t> row;
  for (int x = 0; x < pixels.width; ++x) {
    const auto ink = to_ink(pixels.at(x, y), is_inverted);
    row.insert(row.end(), ink.begin(), ink.end());
  }
  return row;
}

/// A little-endian EXIF segment whose only entry is the orientation.
std::array<std::uint8_t, 32> exif_segment(int orientation) {
  return {'E',
          'x',
          'i',
          'f',
          0,
          0,
          'I',
          'I',
          42,
          0,
          8,
          0,
          0,
          0,  // the directory is at offset 8
          1,
          0,  // and has one entry:
          0x12,
          0x01,
          3,
          0,
          1,
          0,
          0,
          0,  // orientation, one SHORT,
          static_cast<std::uint8_t>(orientation),
          0,
          0,
          0};
}

void set_options(jpeg_compress_struct& codec, const PhotoOptions& options) {
  jpeg_set_defaults(&codec);
  jpeg_set_colorspace(&codec, stored_space(options.coding));
  jpeg_set_quality(&codec, options.quality, TRUE);
  if (options.coding == Coding::YCbCr) {
    const Factors factors = luma_factors(options.sampling);
    codec.comp_info[0].h_samp_factor = factors.horizontal;
    codec.comp_info[0].v_samp_factor = factors.vertical;
  }
  if (options.coding == Coding::InvertedYcck) {
    std::for_each(codec.comp_info, codec.comp_info + codec.num_components,
                  [](auto& part) { part.h_samp_factor = part.v_samp_factor = 1; });
  }
  if (options.coding == Coding::Cmyk) {
    codec.write_Adobe_marker = FALSE;
  }
  codec.arith_code = options.arithmetic ? TRUE : FALSE;
  codec.restart_interval = static_cast<unsigned>(options.restart_interval);
  if (options.progressive) {
    jpeg_simple_progression(&codec);
  }
}

void write_rows(jpeg_compress_struct& codec, const Pixels& pixels, Coding coding) {
  for (int y = 0; y < pixels.height; ++y) {
    if (is_ink(coding)) {
      auto row = ink_row(pixels, y, coding != Coding::Cmyk);
      JSAMPROW pointer = row.data();
      jpeg_write_scanlines(&codec, &pointer, 1);
      continue;
    }
    JSAMPROW pointer = const_cast<JSAMPROW>(pixels.at(0, y));
    jpeg_write_scanlines(&codec, &pointer, 1);
  }
}

}  // namespace

Pixels stored_for(const Pixels& shown, int orientation) {
  const bool is_transposed = orientation >= 5;
  const bool flips_x = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool flips_y = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  Pixels stored{is_transposed ? shown.height : shown.width,
                is_transposed ? shown.width : shown.height,
                std::vector<std::uint8_t>(shown.rgb.size())};
  for (int y = 0; y < shown.height; ++y) {
    for (int x = 0; x < shown.width; ++x) {
      const int column = is_transposed ? y : x;
      const int line = is_transposed ? x : y;
      std::copy_n(shown.at(x, y), 3,
                  stored.at(flips_x ? stored.width - 1 - column : column,
                            flips_y ? stored.height - 1 - line : line));
    }
  }
  return stored;
}

std::vector<std::byte> encode_photo(const Pixels& shown, const PhotoOptions& options) {
  const Pixels turned = options.orientation > 1 ? stored_for(shown, options.orientation) : Pixels{};
  const Pixels& stored = options.orientation > 1 ? turned : shown;
  jpeg_compress_struct codec{};
  jpeg_error_mgr messages{};
  codec.err = jpeg_std_error(&messages);
  jpeg_create_compress(&codec);
  unsigned char* buffer = nullptr;
  unsigned long buffer_bytes = 0;
  jpeg_mem_dest(&codec, &buffer, &buffer_bytes);
  codec.image_width = static_cast<JDIMENSION>(stored.width);
  codec.image_height = static_cast<JDIMENSION>(stored.height);
  codec.input_components = is_ink(options.coding) ? 4 : 3;
  codec.in_color_space = is_ink(options.coding) ? JCS_CMYK : JCS_RGB;
  set_options(codec, options);
  jpeg_start_compress(&codec, TRUE);
  if (options.orientation != 0) {
    const auto exif = exif_segment(options.orientation);
    jpeg_write_marker(&codec, JPEG_APP0 + 1, exif.data(), exif.size());
  }
  write_rows(codec, stored, options.coding);
  jpeg_finish_compress(&codec);
  std::vector<std::byte> file(buffer_bytes);
  std::memcpy(file.data(), buffer, buffer_bytes);
  jpeg_destroy_compress(&codec);
  std::free(buffer);
  return file;
}

std::vector<std::byte> make_photo(const PhotoOptions& options) {
  return encode_photo(draw_photo(options.width, options.height, options.seed), options);
}

std::vector<std::uint8_t> make_photo_bytes(const PhotoOptions& options) {
  const auto file = make_photo(options);
  const auto* first = reinterpret_cast<const std::uint8_t*>(file.data());
  return {first, first + file.size()};
}

}  // namespace bulkhead::test_photos
