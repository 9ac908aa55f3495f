#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace bulkhead::test_photos {

/// How the colours are stored. The inverted kinds carry Adobe's segment, and 255 is no ink.
enum class Coding { YCbCr, Grey, Rgb, Cmyk, InvertedCmyk, InvertedYcck };

/// Chroma subsampling; for YCbCr only, the other codings store every channel whole.
enum class Sampling { S444, S422, S420, S440, S411 };

struct PhotoOptions {
  int width = 640;   ///< As shown.
  int height = 480;  ///< As shown.
  Coding coding = Coding::YCbCr;
  Sampling sampling = Sampling::S420;
  bool progressive = false;
  bool arithmetic = false;
  int restart_interval = 0;  ///< In MCUs; 0: no restart markers.
  int quality = 85;
  int orientation = 0;  ///< EXIF, with the picture stored turned accordingly; 0: no EXIF.
  std::uint32_t seed = 1;
};

/// A picture: height × width × RGB, row-major, 8-bit, no padding.
struct Pixels {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;

  std::uint8_t* at(int x, int y) {
    return rgb.data() + (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                         static_cast<std::size_t>(x)) *
                            3;
  }
  const std::uint8_t* at(int x, int y) const { return const_cast<Pixels*>(this)->at(x, y); }
};

/// Draws something like a photo: sky, ground, coloured discs and blocks, sensor noise. It looks
/// different in each of its four corners. The same arguments give the same pixels everywhere.
Pixels draw_photo(int width, int height, std::uint32_t seed);

/// Writes the pixels (as shown; the sizes in the options are not used) as a JPEG file. Options that
/// libjpeg refuses end the process with its message: they are a mistake in the test.
std::vector<std::byte> encode_photo(const Pixels& shown, const PhotoOptions& options);

/// Draws and encodes.
std::vector<std::byte> make_photo(const PhotoOptions& options);
/// The same in the bytes that libjpeg and fuzzers take.
std::vector<std::uint8_t> make_photo_bytes(const PhotoOptions& options);

/// The same photo stored for another EXIF orientation, 1 to 8: what a camera held so would store.
Pixels stored_for(const Pixels& shown, int orientation);

/// What decode_photo() gives: RGB, or the YCbCr that the file holds in place of it.
enum class Channels { Rgb, YCbCr };

/// A JPEG as an independent, plain decoder sees it. Grey is repeated in all channels.
struct DecodedPhoto {
  Pixels pixels;
  int components = 0;
  bool has_jfif = false;
  std::array<int, 2> luma_factors{};  ///< Horizontal and vertical sampling factor.
  int luma_quantizer = 0;             ///< Of the mean: tells the quality.
  int metadata_segments = 0;          ///< APP1 to APP15 and comments.
  long warnings = 0;
};

/// Decodes a JPEG of one or three components at its full size, with libjpeg's smooth upsampling.
/// A file that libjpeg refuses ends the process with its message.
DecodedPhoto decode_photo(std::span<const std::byte> file, Channels channels);

}  // namespace bulkhead::test_photos
