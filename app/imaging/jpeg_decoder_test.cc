#include "imaging/jpeg_decoder.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "photos/photo.h"

namespace bulkhead::imaging {
namespace {

using test_photos::Coding;
using test_photos::make_photo;
using test_photos::PhotoOptions;
using test_photos::Sampling;

using Bytes = std::vector<std::byte>;

Bytes bytes_of(std::initializer_list<int> values) {
  Bytes bytes;
  for (const int value : values) {
    bytes.push_back(static_cast<std::byte>(value));
  }
  return bytes;
}

void insert_after_start(Bytes& file, const Bytes& inserted) {
  file.insert(file.begin() + 2, inserted.begin(), inserted.end());
}

/// The offset of the n-th marker of the kind, counted from 0.
std::size_t find_marker(const Bytes& file, int marker, int n = 0) {
  for (std::size_t i = 0; i + 1 < file.size(); ++i) {
    if (file[i] == std::byte{0xFF} && file[i + 1] == static_cast<std::byte>(marker) && n-- == 0) {
      return i;
    }
  }
  return file.size();
}

constexpr int kStartOfBaseline = 0xC0;
constexpr int kStartOfScan = 0xDA;

ImageError open_error(const Bytes& file) {
  auto decoder = JpegDecoder::open(file);
  return decoder ? ImageError{ImageFault::Damaged, "opened"} : decoder.error();
}

std::string damage_of(const Bytes& file) {
  return JpegDecoder::open(file).value().decode(8).value().damage;
}

TEST(JpegDecoderTest, HeaderTellsSizeColourAndOrientation) {
  const auto file = make_photo({.width = 61, .height = 35, .orientation = 6});
  const auto decoder = JpegDecoder::open(file);
  ASSERT_TRUE(decoder);
  EXPECT_EQ(decoder->header().size, (Extent{35, 61}));
  EXPECT_EQ(decoder->header().colour, ColourModel::YCbCr);
  EXPECT_EQ(decoder->header().orientation, 6);
}

TEST(JpegDecoderTest, EveryColourModelIsRecognised) {
  const auto colour_of = [](Coding coding) {
    const auto file = make_photo({.width = 16, .height = 16, .coding = coding});
    return JpegDecoder::open(file).value().header().colour;
  };
  EXPECT_EQ(colour_of(Coding::YCbCr), ColourModel::YCbCr);
  EXPECT_EQ(colour_of(Coding::Grey), ColourModel::Grey);
  EXPECT_EQ(colour_of(Coding::Rgb), ColourModel::Rgb);
  EXPECT_EQ(colour_of(Coding::Cmyk), ColourModel::Cmyk);
  EXPECT_EQ(colour_of(Coding::InvertedCmyk), ColourModel::InvertedCmyk);
  EXPECT_EQ(colour_of(Coding::InvertedYcck), ColourModel::InvertedYcck);
}

TEST(JpegDecoderTest, ExtentOfAPlaneIsExactInFractions) {
  const auto file = make_photo({.width = 101, .height = 75, .sampling = Sampling::S420});
  const auto image = JpegDecoder::open(file).value().decode(1).value();
  ASSERT_EQ(image.planes.size(), 3U);
  EXPECT_DOUBLE_EQ(image.planes[0].width, 12.625);
  EXPECT_DOUBLE_EQ(image.planes[0].height, 9.375);
  EXPECT_EQ(image.planes[0].samples.extent(), (Extent{13, 10}));
  EXPECT_EQ(image.decoder, "thumbjpeg");
  EXPECT_DOUBLE_EQ(image.planes[1].width, 6.3125);
  EXPECT_EQ(image.damage, "");
}

TEST(JpegDecoderTest, LibjpegDecodesWhatThumbjpegRefuses) {
  const auto file =
      make_photo({.width = 101, .height = 75, .sampling = Sampling::S420, .arithmetic = true});
  const auto image = JpegDecoder::open(file).value().decode(1).value();
  EXPECT_EQ(image.decoder, "libjpeg");
  EXPECT_DOUBLE_EQ(image.planes[0].width, 12.625);
  // It decodes subsampled chroma with twice the IDCT.
  EXPECT_DOUBLE_EQ(image.planes[1].width, 12.625);
}

TEST(JpegDecoderTest, SubsampledChromaKeepsItsOwnExtentAtFullScale) {
  const auto file = make_photo({.width = 101, .height = 75, .sampling = Sampling::S422});
  const auto image = JpegDecoder::open(file).value().decode(8).value();
  EXPECT_DOUBLE_EQ(image.planes[1].width, 50.5);
  EXPECT_DOUBLE_EQ(image.planes[1].height, 75);
  EXPECT_EQ(image.planes[1].samples.extent(), (Extent{51, 75}));
}

TEST(JpegDecoderTest, WholeFilesOfEverySortAreNotDamaged) {
  for (const auto sampling : {Sampling::S444, Sampling::S420, Sampling::S411}) {
    for (const bool progressive : {false, true}) {
      EXPECT_EQ(damage_of(make_photo({.width = 75,
                                      .height = 61,
                                      .sampling = sampling,
                                      .progressive = progressive,
                                      .restart_interval = 3})),
                "");
    }
  }
}

TEST(JpegDecoderTest, EmptyFileIsSaidToBeEmpty) {
  const ImageError error = open_error(Bytes());
  EXPECT_EQ(error.fault, ImageFault::NotAnImage);
  EXPECT_EQ(error.message, "empty file");
}

TEST(JpegDecoderTest, OtherFormatsAreNotAnImage) {
  const ImageError error = open_error(bytes_of({0x89, 'P', 'N', 'G', 13, 10, 26, 10}));
  EXPECT_EQ(error.fault, ImageFault::NotAnImage);
  EXPECT_EQ(error.message, "not a JPEG image");
}

TEST(JpegDecoderTest, HeaderCutShortHasNoPicture) {
  auto file = make_photo({.width = 16, .height = 16});
  file.resize(find_marker(file, kStartOfBaseline));
  const ImageError error = open_error(file);
  EXPECT_EQ(error.fault, ImageFault::Damaged);
  EXPECT_EQ(error.message, "no picture in the file");
}

TEST(JpegDecoderTest, TwelveBitIsUnsupported) {
  auto file = make_photo({.width = 16, .height = 16});
  file[find_marker(file, kStartOfBaseline) + 4] = std::byte{12};
  const ImageError error = open_error(file);
  EXPECT_EQ(error.fault, ImageFault::Unsupported);
  EXPECT_EQ(error.message, "12-bit JPEG is not supported");
}

TEST(JpegDecoderTest, LosslessIsUnsupported) {
  auto file = make_photo({.width = 16, .height = 16});
  file[find_marker(file, kStartOfBaseline) + 1] = std::byte{0xC3};
  const ImageError error = open_error(file);
  EXPECT_EQ(error.fault, ImageFault::Unsupported);
  EXPECT_EQ(error.message, "lossless JPEG is not supported");
}

TEST(JpegDecoderTest, TwoComponentsAreUnsupported) {
  auto file = make_photo({.width = 16, .height = 16, .sampling = Sampling::S444});
  // Take the third component out of the frame and out of the scan.
  const auto drop = [&file](std::size_t marker, std::size_t count_at, std::size_t entry_bytes) {
    const std::size_t count = marker + count_at;
    file[count] = std::byte{2};
    file[marker + 3] =
        static_cast<std::byte>(std::to_integer<std::size_t>(file[marker + 3]) - entry_bytes);
    const auto third = file.begin() + static_cast<std::ptrdiff_t>(count + 1 + 2 * entry_bytes);
    file.erase(third, third + static_cast<std::ptrdiff_t>(entry_bytes));
  };
  drop(find_marker(file, kStartOfScan), 4, 2);
  drop(find_marker(file, kStartOfBaseline), 9, 3);
  const ImageError error = open_error(file);
  EXPECT_EQ(error.fault, ImageFault::Unsupported);
  EXPECT_EQ(error.message, "JPEG with 2 components is not supported");
}

TEST(JpegDecoderTest, JunkBeforeThePictureIsNotDamage) {
  auto file = make_photo({.width = 32, .height = 32});
  insert_after_start(file, bytes_of({0x00, 0x12, 0x34}));
  EXPECT_EQ(damage_of(file), "");
}

TEST(JpegDecoderTest, TruncatedFileIsShownAndSaidToBeDamaged) {
  for (const bool progressive : {false, true}) {
    auto file = make_photo({.width = 320, .height = 240, .progressive = progressive});
    file.resize(file.size() / 2);
    EXPECT_EQ(damage_of(file), "premature end of file");
  }
}

TEST(JpegDecoderTest, RowsThatWereReadSurviveTruncation) {
  const PhotoOptions options{.width = 320, .height = 240, .restart_interval = 20};
  auto file = make_photo(options);
  const auto whole = JpegDecoder::open(file).value().decode(8).value();
  file.resize(file.size() / 2);
  const auto half = JpegDecoder::open(file).value().decode(8).value();
  for (int y = 0; y < 64; ++y) {
    const auto* expected = whole.planes[0].samples.row(y);
    EXPECT_TRUE(std::equal(expected, expected + 320, half.planes[0].samples.row(y))) << y;
  }
}

TEST(JpegDecoderTest, OverwrittenPictureDataIsDamage) {
  auto file = make_photo({.width = 320, .height = 240, .restart_interval = 20});
  const auto middle = file.begin() + static_cast<std::ptrdiff_t>(file.size() / 2);
  std::fill(middle, middle + 40, std::byte{0xFF});
  EXPECT_NE(damage_of(file), "");
}

TEST(JpegDecoderTest, ScansBeforeABrokenOneAreShown) {
  const PhotoOptions options{.width = 320, .height = 240, .progressive = true};
  auto file = make_photo(options);
  // An impossible component in the header of the fourth scan: libjpeg gives up there.
  file[find_marker(file, kStartOfScan, 3) + 5] = std::byte{99};
  auto decoder = JpegDecoder::open(file);
  const auto image = decoder->decode(8);
  ASSERT_TRUE(image);
  EXPECT_EQ(image->damage, "invalid component ID 99 in SOS");
  const auto* row = image->planes[0].samples.row(5);
  EXPECT_FALSE(std::all_of(row, row + 320, [&](auto sample) { return sample == row[0]; }));
}

TEST(JpegDecoderTest, ThousandsOfScansAreCutShort) {
  auto file = make_photo({.width = 64, .height = 64, .progressive = true});
  const std::size_t begin = find_marker(file, kStartOfScan, 1);
  const Bytes scan(file.begin() + static_cast<std::ptrdiff_t>(begin),
                   file.begin() + static_cast<std::ptrdiff_t>(find_marker(file, 0xC4, 4)));
  file.resize(begin);
  for (int i = 0; i < 5000; ++i) {
    file.insert(file.end(), scan.begin(), scan.end());
  }
  EXPECT_EQ(damage_of(file).substr(0, 15), "too many scans:");
}

TEST(JpegDecoderTest, ProgressiveBombIsTooLargeBeforeItTakesMemory) {
  auto file = make_photo({.width = 64, .height = 64, .progressive = true});
  const std::size_t frame = find_marker(file, 0xC2);
  std::fill_n(file.begin() + static_cast<std::ptrdiff_t>(frame) + 5, 4, std::byte{0xF0});
  const auto image = JpegDecoder::open(file).value().decode(1);
  ASSERT_FALSE(image);
  EXPECT_EQ(image.error().fault, ImageFault::TooLarge);
}

TEST(JpegDecoderTest, FirstExifSegmentCounts) {
  auto file = make_photo({.width = 16, .height = 16, .orientation = 3});
  const auto other = make_photo({.width = 16, .height = 16, .orientation = 6});
  const auto segment = other.begin() + static_cast<std::ptrdiff_t>(find_marker(other, 0xE1));
  const auto tables = file.begin() + static_cast<std::ptrdiff_t>(find_marker(file, 0xDB));
  file.insert(tables, segment,
              other.begin() + static_cast<std::ptrdiff_t>(find_marker(other, 0xDB)));
  EXPECT_EQ(JpegDecoder::open(file).value().header().orientation, 3);
}

TEST(JpegDecoderTest, ExifBehindThousandsOfSegmentsIsFound) {
  auto file = make_photo({.width = 16, .height = 16, .orientation = 3});
  Bytes segments;
  for (int i = 0; i < 100'000; ++i) {
    const auto tiny = bytes_of({0xFF, 0xE1, 0, 3, 'x'});
    segments.insert(segments.end(), tiny.begin(), tiny.end());
  }
  insert_after_start(file, segments);
  EXPECT_EQ(JpegDecoder::open(file).value().header().orientation, 3);
}

TEST(JpegDecoderTest, SegmentThatEndsWithTheFileHasNoPicture) {
  const auto head = bytes_of({0xFF, 0xD8, 0xFF, 0xE1});
  for (const auto& tail : {Bytes{}, bytes_of({0}), bytes_of({0, 0}), bytes_of({0, 1}),
                           bytes_of({0xFF, 0xFF, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M'})}) {
    Bytes file = head;
    file.insert(file.end(), tail.begin(), tail.end());
    EXPECT_EQ(open_error(file).fault, ImageFault::Damaged);
  }
}

}  // namespace
}  // namespace bulkhead::imaging
