// Public files that have broken other programs. They are not part of the project: where they are
// absent, the tests that need them are skipped, by name.

#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "imaging/one_thumbnail.h"
#include "photos/photo.h"

namespace bulkhead::imaging {
namespace {

using test_photos::Channels;
using test_photos::decode_photo;
using test_photos::Pixels;

using Made = Expected<OneThumbnail, ImageError>;

/// Null when the file is absent.
std::optional<Made> made_of(const std::string& name) {
  const auto path = std::filesystem::path(BULKHEAD_SHARED_DATA) / "edge" / name;
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    return std::nullopt;
  }
  const std::string bytes((std::istreambuf_iterator<char>(in)), {});
  return make_thumbnail(std::as_bytes(std::span(bytes)));
}

Pixels pixels_of(const OneThumbnail& thumbnail) {
  return decode_photo(thumbnail.jpeg, Channels::Rgb).pixels;
}

double psnr(const Pixels& one, const Pixels& other) {
  double squares = 0;
  for (std::size_t i = 0; i < one.rgb.size(); ++i) {
    squares += std::pow(one.rgb[i] - other.rgb[i], 2);
  }
  return squares == 0 ? 99
                      : 10 * std::log10(65025 / (squares / static_cast<double>(one.rgb.size())));
}

struct GoodFile {
  const char* name;
  Extent size;
  int components = 3;
};

std::string test_name(const std::string& file) {
  std::string name;
  for (const char c : file) {
    name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  }
  return name;
}

template <class Case>
std::string name_of_case(const ::testing::TestParamInfo<Case>& info) {
  return test_name(info.param.name);
}

class WholeFileTest : public ::testing::TestWithParam<GoodFile> {};

TEST_P(WholeFileTest, GivesItsThumbnail) {
  const auto made = made_of(GetParam().name);
  if (!made) {
    GTEST_SKIP() << GetParam().name << " is absent";
  }
  ASSERT_TRUE(*made) << made->error().message;
  const OneThumbnail& thumbnail = **made;
  EXPECT_EQ(thumbnail.size, GetParam().size);
  EXPECT_EQ(thumbnail.damage, "");
  const auto photo = decode_photo(thumbnail.jpeg, Channels::Rgb);
  EXPECT_EQ(photo.components, GetParam().components);
  EXPECT_EQ(photo.metadata_segments, 0);
  EXPECT_EQ((Extent{photo.pixels.width, photo.pixels.height}), thumbnail.size);
}

INSTANTIATE_TEST_SUITE_P(Geometry, WholeFileTest,
                         ::testing::Values(GoodFile{"geometry/2569067123_aca715a2ee_o.jpg",
                                                    {128, 105}},
                                           GoodFile{"geometry/image00971.jpg", {128, 46}},
                                           GoodFile{"geometry/image01713.jpg", {13, 128}},
                                           GoodFile{"geometry/jfif_unit_cm.jpg", {1, 1}, 1},
                                           GoodFile{"geometry/FujiFilm SP-2500.jpg", {121, 81}},
                                           GoodFile{"geometry/Issue 614.jpg", {100, 100}},
                                           GoodFile{"hostile/giant-image.jpg", {128, 90}, 1}),
                         name_of_case<GoodFile>);

INSTANTIATE_TEST_SUITE_P(Orientation, WholeFileTest,
                         ::testing::Values(GoodFile{"orientation/Landscape_0.jpg", {128, 85}},
                                           GoodFile{"orientation/Portrait_0.jpg", {85, 128}},
                                           GoodFile{"orientation/orientation_rectangle.jpg",
                                                    {1, 2}},
                                           GoodFile{"orientation/empty_gps_ifd.jpg", {10, 10}},
                                           GoodFile{"orientation/exif_typeerror.jpg", {128, 85}},
                                           GoodFile{"orientation/invalid-exif.jpg", {128, 128}},
                                           GoodFile{"orientation/multiple_exif.jpg", {1, 1}, 1}),
                         name_of_case<GoodFile>);

INSTANTIATE_TEST_SUITE_P(
    Coding, WholeFileTest,
    ::testing::Values(
        GoodFile{"jpeg/Issue 116.jpg", {128, 55}}, GoodFile{"jpeg/Photoshop (2).jpg", {84, 128}},
        GoodFile{"jpeg/Panasonic DMC-LC70 (Lumix).jpg", {128, 96}},
        GoodFile{"jpeg/icc_profile_big.jpg", {128, 75}},
        GoodFile{"jpeg/Minolta DiMAGE EX.jpg", {128, 96}},
        GoodFile{"jpeg/Nokia 3110c (Mobile Phone).jpg", {102, 128}},
        GoodFile{"jpeg/Panasonic LZ2.jpg", {96, 128}},
        GoodFile{"jpeg/hopper_16bit_qtables.jpg", {128, 128}},
        GoodFile{"jpeg/hopper_gray.jpg", {128, 128}, 1}, GoodFile{"jpeg/cd1.1.jpg", {128, 90}, 1},
        GoodFile{"jpeg/testorig_grayscale_q80_rst8.jpg", {128, 84}, 1},
        GoodFile{"jpeg/testorig_rot90_441_q25_scan_script.jpg", {84, 128}},
        GoodFile{"jpeg/testorig_transpose_440_q90_ari_rst1.jpg", {84, 128}},
        GoodFile{"jpeg/testorig_rgb_444_floatdct_q100_test3icc.jpg", {128, 84}},
        GoodFile{"jpeg/junk_jpeg_header.jpg", {128, 96}},
        GoodFile{"jpeg/jpeg_ff00_header.jpg", {128, 96}},
        GoodFile{"jpeg/frozenpond.mpo", {128, 96}}, GoodFile{"jpeg/gain-map.jpg", {128, 72}}),
    name_of_case<GoodFile>);

INSTANTIATE_TEST_SUITE_P(
    Colour, WholeFileTest,
    ::testing::Values(GoodFile{"colour/Channel_digital_image_CMYK_color.jpg", {128, 85}},
                      GoodFile{"colour/Channel_digital_image_CMYK_color_no_profile.jpg", {128, 85}},
                      GoodFile{"colour/pil_sample_cmyk.jpg", {100, 100}},
                      GoodFile{"colour/gamma_dalai_lama_gray.jpg", {128, 110}}),
    name_of_case<GoodFile>);

INSTANTIATE_TEST_SUITE_P(Formats, WholeFileTest,
                         ::testing::Values(GoodFile{"formats/IMG_1034.heic", {128, 96}},
                                           GoodFile{"formats/IMG_2927.HEIC", {96, 128}},
                                           GoodFile{"formats/avif-orientation-6.avif", {96, 128}},
                                           GoodFile{"geometry/1bit.tif", {128, 2}, 1},
                                           GoodFile{"colour/prophoto.png", {1, 1}},
                                           GoodFile{"colour/16bit.cropped.tif", {64, 64}, 1},
                                           GoodFile{"colour/tiff_16bit_RGB.tiff", {100, 40}},
                                           GoodFile{"colour/16-bit-grey-alpha.png", {109, 96}, 1},
                                           GoodFile{"alpha/p_trns_single.png", {64, 64}},
                                           GoodFile{"alpha/pil123p.png", {128, 119}},
                                           GoodFile{"alpha/swiss.png", {68, 68}},
                                           GoodFile{"alpha/indexed.png", {84, 128}},
                                           GoodFile{"animated/animated-loop-3.gif", {128, 99}},
                                           GoodFile{"animated/rotating-squares.webp", {80, 80}},
                                           GoodFile{"animated/rotating-squares.gif", {80, 80}},
                                           GoodFile{"animated/multipage.tiff", {10, 10}}),
                         name_of_case<GoodFile>);

INSTANTIATE_TEST_SUITE_P(Alpha, WholeFileTest,
                         ::testing::Values(GoodFile{"alpha/5_webp_a.webp", {128, 128}},
                                           GoodFile{"alpha/blackbug.png", {128, 96}},
                                           GoodFile{"alpha/grey-8bit-alpha.png", {128, 96}, 1},
                                           GoodFile{"hostile/png_decompression_dos.png", {1, 1}, 1},
                                           GoodFile{"orientation/exif_imagemagick_orientation.png",
                                                    {128, 128}}),
                         name_of_case<GoodFile>);

struct ColouredFile {
  const char* name;
  std::array<int, 3> mean;
};

class ColouredFileTest : public ::testing::TestWithParam<ColouredFile> {};

TEST_P(ColouredFileTest, HasItsMeanColour) {
  const auto made = made_of(GetParam().name);
  if (!made) {
    GTEST_SKIP() << GetParam().name << " is absent";
  }
  ASSERT_TRUE(*made) << made->error().message;
  const Pixels pixels = pixels_of(**made);
  std::array<double, 3> mean{};
  for (std::size_t i = 0; i < pixels.rgb.size(); ++i) {
    mean[i % 3] += pixels.rgb[i] / (static_cast<double>(pixels.rgb.size()) / 3);
  }
  for (std::size_t c = 0; c < mean.size(); ++c) {
    EXPECT_NEAR(mean[c], GetParam().mean[c], 3) << c;
  }
}

// What is transparent lies on white; the three of one picture agree.
INSTANTIATE_TEST_SUITE_P(
    Alpha, ColouredFileTest,
    ::testing::Values(ColouredFile{"alpha/full-transparent.png", {255, 255, 255}},
                      ColouredFile{"alpha/transparent.png", {210, 202, 203}},
                      ColouredFile{"alpha/transparent.gif", {210, 202, 203}},
                      ColouredFile{"alpha/transparent.webp", {210, 202, 203}},
                      ColouredFile{"alpha/rgba.png", {206, 204, 208}},
                      ColouredFile{"animated/rotating-squares.gif", {198, 215, 225}},
                      ColouredFile{"animated/rotating-squares.webp", {198, 215, 225}}),
    name_of_case<ColouredFile>);

INSTANTIATE_TEST_SUITE_P(SixteenBits, ColouredFileTest,
                         ::testing::Values(ColouredFile{"colour/hopper_16bit.pgm", {84, 84, 84}},
                                           ColouredFile{"colour/16bit.cropped.tif", {1, 1, 1}},
                                           ColouredFile{"colour/tbgn2c16.png", {166, 173, 167}}),
                         name_of_case<ColouredFile>);

// Stripes of one pixel: what is left of them is their mean, whichever of the two came first.
INSTANTIATE_TEST_SUITE_P(Stripes, ColouredFileTest,
                         ::testing::Values(ColouredFile{"geometry/stripesH.png", {127, 127, 127}},
                                           ColouredFile{"geometry/stripesV.png", {127, 127, 127}}),
                         name_of_case<ColouredFile>);

INSTANTIATE_TEST_SUITE_P(
    Profile, ColouredFileTest,
    ::testing::Values(ColouredFile{"colour/fogra-0-100-100-0.tif", {227, 7, 19}},
                      ColouredFile{"colour/Channel_digital_image_CMYK_color.jpg", {120, 124, 114}},
                      ColouredFile{"colour/p3.png", {255, 0, 0}},
                      ColouredFile{"colour/Canon EOS 7D.jpg", {129, 63, 73}},
                      ColouredFile{"jpeg/icc_profile_big.jpg", {60, 121, 177}},
                      ColouredFile{"colour/hopper.Lab.tif", {84, 80, 95}},
                      ColouredFile{"colour/cielab-dagams.tiff", {90, 113, 65}},
                      ColouredFile{"jpeg/sample-xyb.jpg", {127, 118, 108}},
                      ColouredFile{"jpeg/sample.jpg", {127, 118, 108}}),
    name_of_case<ColouredFile>);

class FormatOfOnePictureTest : public ::testing::TestWithParam<std::string> {};

TEST_P(FormatOfOnePictureTest, LooksLikeThePng) {
  const auto made = made_of("formats/hopper." + GetParam());
  const auto png = made_of("formats/hopper.png");
  if (!made || !png) {
    GTEST_SKIP() << "formats/hopper." << GetParam() << " is absent";
  }
  ASSERT_TRUE(*made) << made->error().message;
  ASSERT_EQ((*made)->size, (*png)->size);
  // Measured: 29.6 dB where there are but 256 colours, and where WebP has lost some.
  EXPECT_GT(psnr(pixels_of(**made), pixels_of(**png)), 29);
}

INSTANTIATE_TEST_SUITE_P(All, FormatOfOnePictureTest,
                         ::testing::Values("bmp", "gif", "ppm", "tif", "webp"),
                         [](const auto& format) { return format.param; });

struct TurnedFile {
  std::string name;
  std::string upright;
  int orientation;
};

class TurnedFileTest : public ::testing::TestWithParam<TurnedFile> {};

TEST_P(TurnedFileTest, LooksLikeTheUprightOne) {
  const auto made = made_of(GetParam().name);
  const auto upright = made_of(GetParam().upright);
  if (!made || !upright) {
    GTEST_SKIP() << GetParam().name << " is absent";
  }
  ASSERT_TRUE(*made) << made->error().message;
  EXPECT_EQ((*made)->orientation, GetParam().orientation);
  ASSERT_EQ((*made)->size, (*upright)->size);
  // Each file was encoded by itself, and so was each thumbnail. Measured: 30 to 39 dB where the
  // photo is shrunk, 29.7 where it is not; a wrong turn gives less than 15.
  EXPECT_GT(psnr(pixels_of(**made), pixels_of(**upright)), 29);
}

std::vector<TurnedFile> turned_files() {
  std::vector<TurnedFile> files;
  for (int value = 2; value <= 8; ++value) {
    const std::string ending = std::to_string(value) + ".jpg";
    for (const std::string kind : {"orientation/Landscape_", "orientation/Portrait_"}) {
      files.push_back({kind + ending, kind + "1.jpg", value});
    }
    files.push_back({"orientation/hopper_orientation_" + ending, "orientation/hopper.jpg", value});
    files.push_back({"orientation/hopper_orientation_" + std::to_string(value) + ".webp",
                     "orientation/hopper.jpg", value});
  }
  return files;
}

INSTANTIATE_TEST_SUITE_P(Exif, TurnedFileTest, ::testing::ValuesIn(turned_files()),
                         name_of_case<TurnedFile>);

struct DamagedFile {
  const char* name;
  Extent size;
  const char* damage;
};

class DamagedFileTest : public ::testing::TestWithParam<DamagedFile> {};

TEST_P(DamagedFileTest, GivesAThumbnailAndItsDamage) {
  const auto made = made_of(GetParam().name);
  if (!made) {
    GTEST_SKIP() << GetParam().name << " is absent";
  }
  ASSERT_TRUE(*made) << made->error().message;
  EXPECT_EQ((*made)->size, GetParam().size);
  EXPECT_EQ((*made)->damage, GetParam().damage);
}

INSTANTIATE_TEST_SUITE_P(
    Png, DamagedFileTest,
    ::testing::Values(DamagedFile{"damaged/truncated.png", {128, 104}, "libpng read error"},
                      DamagedFile{"damaged/truncated_image.png", {128, 96}, "libpng read error"}),
    name_of_case<DamagedFile>);

INSTANTIATE_TEST_SUITE_P(
    Jpeg, DamagedFileTest,
    ::testing::Values(
        DamagedFile{"damaged/truncated.jpg", {128, 105}, "premature end of file"},
        DamagedFile{"damaged/truncated_jpeg.jpg", {100, 100}, "premature end of file"},
        DamagedFile{"damaged/corrupted.jpg", {128, 96}, "corrupt data: a segment ends early"},
        DamagedFile{"orientation/hopper_bad_exif.jpg",
                    {128, 128},
                    "corrupt JPEG data: 1214 extraneous bytes before marker 0xd0"},
        // Takes other decoders minutes: a hundred thousand warnings and as many tiny segments.
        DamagedFile{
            "hostile/FuzzTimeout.jpg", {26, 128}, "invalid JPEG file structure: two SOF markers"}),
    name_of_case<DamagedFile>);

struct RefusedFile {
  const char* name;
  ImageFault fault;
  const char* message;
};

class RefusedFileTest : public ::testing::TestWithParam<RefusedFile> {};

TEST_P(RefusedFileTest, SaysWhy) {
  const auto made = made_of(GetParam().name);
  if (!made) {
    GTEST_SKIP() << GetParam().name << " is absent";
  }
  ASSERT_FALSE(*made);
  EXPECT_EQ(made->error().fault, GetParam().fault);
  EXPECT_EQ(made->error().message, GetParam().message);
}

constexpr auto kTwelveBit = "12-bit JPEG is not supported";

INSTANTIATE_TEST_SUITE_P(
    Formats, RefusedFileTest,
    ::testing::Values(
        RefusedFile{"jpeg/testimgl.jpg", ImageFault::Unsupported, "lossless JPEG is not supported"},
        RefusedFile{"jpeg/random12_100x91_islow_4x1,2x2,1x2_Q100,99,98_rst2.jpg",
                    ImageFault::Unsupported, kTwelveBit},
        RefusedFile{"jpeg/random12_99x92_ifast_rgb_420_Q90,80,70_smooth50.jpg",
                    ImageFault::Unsupported, kTwelveBit},
        RefusedFile{"damaged/corrupt-header.jpg", ImageFault::Damaged, "no picture in the file"},
        RefusedFile{"damaged/broken.png", ImageFault::Damaged, "libvips cannot read it"},
        RefusedFile{"damaged/zero_width.gif", ImageFault::Damaged,
                    "Unexpected end of GIF source data"},
        RefusedFile{"hostile/decompression_bomb.gif", ImageFault::Damaged,
                    "Unexpected end of GIF source data"},
        RefusedFile{"hostile/decompression_bomb.ico", ImageFault::NotAnImage,
                    "not an image of a known format"},
        RefusedFile{"hostile/17000x17000.avif", ImageFault::Damaged,
                    "Memory allocation error: Security limit exceeded: Image size 17000x17000 "
                    "exceeds the maximum image size 16384x16384"},
        RefusedFile{"hostile/65536-uint32-limit.png", ImageFault::TooLarge,
                    "image of 65536x65536 pixels, more than the limit of 1000000000"}),
    name_of_case<RefusedFile>);

TEST(InkFileTest, InvertedInkIsNotShownAsANegative) {
  const auto made = made_of("colour/pil_sample_cmyk.jpg");
  if (!made) {
    GTEST_SKIP() << "colour/pil_sample_cmyk.jpg is absent";
  }
  const Pixels pixels = pixels_of(**made);  // red letters on black
  EXPECT_LT(pixels.at(50, 90)[0], 30);
  EXPECT_GT(pixels.at(5, 2)[0], 180);
  EXPECT_LT(pixels.at(5, 2)[1], 60);
}

}  // namespace
}  // namespace bulkhead::imaging
