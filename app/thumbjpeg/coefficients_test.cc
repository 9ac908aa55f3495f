#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "photos/photo.h"
#include "thumbjpeg/coefficient_image.h"

namespace thumbjpeg {
namespace {

namespace files = std::filesystem;

using bulkhead::test_photos::Coding;
using bulkhead::test_photos::make_photo_bytes;
using bulkhead::test_photos::PhotoOptions;
using bulkhead::test_photos::Sampling;
using Bytes = std::vector<std::uint8_t>;

constexpr int kSides[] = {1, 2, 3, 4};

Bytes contents(const files::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  return {text.begin(), text.end()};
}

/// How many of the sides were accepted; all of them give what libjpeg gives.
int accepted_sides(const Bytes& file, std::span<const int> sides, Workspace& workspace,
                   const std::string& name) {
  const auto reference = ReferenceReader::read(file);
  int accepted = 0;
  for (const int side : sides) {
    const auto kept = kept_coefficients(file, side, workspace);
    if (kept.empty()) {
      continue;
    }
    ++accepted;
    EXPECT_TRUE(reference.is_readable && reference.damages == 0) << name;
    EXPECT_TRUE(are_equal(kept, reference, side)) << name << " at " << side << "/8";
  }
  return accepted;
}

int accepted_sides_of(const PhotoOptions& options, const std::string& name) {
  Workspace workspace;
  return accepted_sides(make_photo_bytes(options), kSides, workspace, name);
}

TEST(CoefficientsTest, EverySamplingAndRestartInterval) {
  for (const auto sampling :
       {Sampling::S444, Sampling::S422, Sampling::S420, Sampling::S440, Sampling::S411}) {
    for (const int interval : {0, 1, 2, 7, 40, 1000}) {
      EXPECT_EQ(accepted_sides_of({.width = 333,
                                   .height = 141,
                                   .sampling = sampling,
                                   .restart_interval = interval,
                                   .quality = 90},
                                  "interval " + std::to_string(interval)),
                4);
    }
  }
}

TEST(CoefficientsTest, ProgressiveFilesOfEverySamplingAndRestartInterval) {
  for (const auto sampling :
       {Sampling::S444, Sampling::S422, Sampling::S420, Sampling::S440, Sampling::S411}) {
    for (const int interval : {0, 1, 7, 1000}) {
      for (const int quality : {30, 75, 98}) {
        EXPECT_EQ(accepted_sides_of({.width = 333,
                                     .height = 141,
                                     .sampling = sampling,
                                     .progressive = true,
                                     .restart_interval = interval,
                                     .quality = quality},
                                    "interval " + std::to_string(interval)),
                  4);
      }
    }
  }
  EXPECT_EQ(accepted_sides_of({.coding = Coding::Grey, .progressive = true}, "grey"), 4);
  EXPECT_EQ(accepted_sides_of({.coding = Coding::Rgb, .progressive = true}, "rgb"), 4);
}

TEST(CoefficientsTest, EveryQuality) {
  for (int quality = 1; quality <= 100; quality += 9) {
    EXPECT_EQ(accepted_sides_of({.width = 400, .height = 300, .quality = quality},
                                "quality " + std::to_string(quality)),
              4);
  }
}

TEST(CoefficientsTest, OddSizesAndGrey) {
  for (int size = 1; size <= 35; ++size) {
    const std::string name = std::to_string(size);
    EXPECT_EQ(accepted_sides_of({.width = size, .height = 36 - size}, name), 4);
    EXPECT_EQ(accepted_sides_of({.width = 36 - size, .height = size, .coding = Coding::Grey}, name),
              4);
  }
}

TEST(CoefficientsTest, LongScansAreCutIntoRangesAndJoined) {
  for (const int quality : {40, 75, 95, 100}) {
    EXPECT_EQ(accepted_sides_of({.width = 2000, .height = 1500, .quality = quality},
                                "quality " + std::to_string(quality)),
              4);
  }
}

TEST(CoefficientsTest, RgbHasNoChroma) {
  EXPECT_EQ(accepted_sides_of({.width = 600, .height = 500, .coding = Coding::Rgb}, "rgb"), 4);
}

TEST(CoefficientsTest, CmykAndArithmeticAreRefused) {
  EXPECT_EQ(accepted_sides_of({.coding = Coding::Cmyk}, "cmyk"), 0);
  EXPECT_EQ(accepted_sides_of({.arithmetic = true}, "arithmetic"), 0);
}

class SharedFilesTest : public testing::TestWithParam<std::string> {};

TEST_P(SharedFilesTest, EveryFileGivesWhatLibjpegGives) {
  const files::path folder = files::path(BULKHEAD_SHARED_DATA) / GetParam();
  if (!files::exists(folder)) {
    GTEST_SKIP() << folder << " is not here";
  }
  Workspace workspace;
  int whole = 0;
  int accepted = 0;
  for (const auto& entry : files::recursive_directory_iterator(folder)) {
    const std::string extension = entry.path().extension();
    if (!entry.is_regular_file() || (extension != ".jpg" && extension != ".jpeg")) {
      continue;
    }
    // One side of each file: there are enough of them, and large ones take their time.
    const int side = kSides[whole % 4];
    ++whole;
    accepted += accepted_sides(contents(entry.path()), {&side, 1}, workspace, entry.path());
  }
  RecordProperty("files", whole);
  RecordProperty("accepted", accepted);
  std::printf("%d of %d files accepted\n", accepted, whole);
}

INSTANTIATE_TEST_SUITE_P(All, SharedFilesTest, testing::Values("photos", "camera", "edge"),
                         [](const auto& name) { return name.param; });

}  // namespace
}  // namespace thumbjpeg
