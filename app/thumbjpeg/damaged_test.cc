#include <sys/resource.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "photos/photo.h"
#include "thumbjpeg/coefficient_image.h"
#include "thumbjpeg/tiny_codes.h"

namespace thumbjpeg {
namespace {

using bulkhead::test_photos::make_photo_bytes;
using bulkhead::test_photos::Sampling;
using Bytes = std::vector<std::uint8_t>;

/// Bytes from the start to the data of the first scan.
std::size_t header_bytes(const Bytes& file) {
  MarkerReader reader(file);
  EXPECT_EQ(reader.next(), MarkerReader::Stop::Scan);
  return file.size() - reader.rest().size();
}

/// Turns one bit of the scans, many times over: what is accepted is as libjpeg reads it, undamaged.
void expect_no_damage_is_accepted(const Bytes& file, int times, int side = 1) {
  Workspace workspace;
  const std::size_t header = header_bytes(file);
  std::mt19937 random(7);
  for (int i = 0; i < times; ++i) {
    Bytes damaged = file;
    const std::size_t at = header + random() % (file.size() - header);
    damaged[at] ^= static_cast<std::uint8_t>(1U << random() % 8);
    const auto kept = kept_coefficients(damaged, side, workspace);
    if (!kept.empty()) {
      const auto reference = ReferenceReader::read(damaged);
      EXPECT_TRUE(reference.is_readable && reference.damages == 0) << at;
      EXPECT_TRUE(are_equal(kept, reference, side)) << at;
    }
  }
}

TEST(DamagedTest, APhotoOfTinyCodesIsWhole) {
  Workspace workspace;
  const Bytes file = photo_of_tiny_codes(1);
  const auto kept = kept_coefficients(file, 1, workspace);
  EXPECT_FALSE(kept.empty());
  EXPECT_TRUE(are_equal(kept, ReferenceReader::read(file), 1));
}

// Ranges that begin anywhere meet impossible codes before they are in step, and all lanes do behind
// their last block. Only those between count, however many there are on both sides.
TEST(DamagedTest, AnImpossibleCodeWithinARangeIsSeen) {
  for (unsigned seed = 1; seed <= 8; ++seed) {
    expect_no_damage_is_accepted(photo_of_tiny_codes(seed), 100);
  }
}

TEST(DamagedTest, NoDamageOfAPhotoIsAccepted) {
  expect_no_damage_is_accepted(
      make_photo_bytes({.width = 300, .height = 200, .sampling = Sampling::S444, .quality = 95}),
      300);
  expect_no_damage_is_accepted(
      make_photo_bytes({.width = 300, .height = 200, .restart_interval = 5, .quality = 95}), 300);
}

// At 4/8 every scan of them is wanted.
TEST(DamagedTest, NoDamageOfAProgressivePhotoIsAccepted) {
  expect_no_damage_is_accepted(
      make_photo_bytes({.width = 300, .height = 200, .progressive = true, .quality = 90}), 300, 4);
  expect_no_damage_is_accepted(
      make_photo_bytes(
          {.width = 300, .height = 200, .progressive = true, .restart_interval = 9, .quality = 60}),
      300, 4);
}

TEST(DamagedTest, ATruncatedFileIsRefused) {
  Workspace workspace;
  for (const bool is_progressive : {false, true}) {
    Bytes file = make_photo_bytes({.width = 300, .height = 200, .progressive = is_progressive});
    while (file.size() > 64) {
      file.resize(file.size() - 61);
      EXPECT_TRUE(kept_coefficients(file, 1, workspace).empty()) << file.size();
      EXPECT_TRUE(kept_coefficients(file, 3, workspace).empty()) << file.size();
    }
  }
}

std::int64_t peak_memory_kb() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

TEST(DamagedTest, AProgressiveFileThatOnlyClaimsToBeLargeTakesNoMemory) {
  Workspace workspace;
  Bytes file = make_photo_bytes({.width = 64, .height = 64, .progressive = true});
  const Bytes frame_marker = {0xFF, 0xC2};
  const auto size = std::ranges::search(file, frame_marker).begin() + 5;
  const Bytes large = {0xFF, 0xDC, 0xFF, 0xDC};  // 65500 × 65500
  std::ranges::copy(large, size);
  const std::int64_t before = peak_memory_kb();
  EXPECT_TRUE(kept_coefficients(file, 4, workspace).empty());
  EXPECT_LT(peak_memory_kb() - before, 100'000);
}

TEST(DamagedTest, AScanWithTooMuchDataIsRefused) {
  Workspace workspace;
  const Bytes file = make_photo_bytes({.width = 64, .height = 64});
  Bytes longer = file;
  longer.insert(longer.end() - 2, {0x12, 0x34});
  EXPECT_FALSE(kept_coefficients(file, 2, workspace).empty());
  EXPECT_TRUE(kept_coefficients(longer, 2, workspace).empty());
}

TEST(DamagedTest, RestartMarkersOutOfOrderAreRefused) {
  Workspace workspace;
  Bytes file = make_photo_bytes({.width = 200, .height = 100, .restart_interval = 3});
  for (std::size_t i = header_bytes(file); i + 1 < file.size(); ++i) {
    if (file[i] == 0xFF && file[i + 1] == 0xD2) {
      file[i + 1] = 0xD3;
      break;
    }
  }
  EXPECT_TRUE(kept_coefficients(file, 1, workspace).empty());
}

TEST(DamagedTest, FillBytesInFrontOfAMarkerAreLegal) {
  Workspace workspace;
  Bytes file = make_photo_bytes({.width = 200, .height = 100, .restart_interval = 3});
  file.insert(file.end() - 2, {0xFF, 0xFF});
  EXPECT_FALSE(kept_coefficients(file, 1, workspace).empty());
}

}  // namespace
}  // namespace thumbjpeg
