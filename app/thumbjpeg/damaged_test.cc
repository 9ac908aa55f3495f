#include <sys/resource.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "photos/photo.h"
#include "thumbjpeg/coefficient_image.h"

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

/// Writes bits, the highest first, as the data of a scan.
class ScanWriter {
 public:
  explicit ScanWriter(Bytes& file) : file_(file) {}

  void put(std::uint32_t bits, int count) {
    for (int i = count - 1; i >= 0; --i) {
      byte_ = byte_ << 1 | (bits >> i & 1);
      if (++bits_ % 8 == 0) {
        write_byte();
      }
    }
  }

  void pad() {
    while (bits_ % 8 != 0) {
      put(1, 1);
    }
  }

 private:
  void write_byte() {
    file_.push_back(static_cast<std::uint8_t>(byte_));
    if (file_.back() == 0xFF) {
      file_.push_back(0);
    }
    byte_ = 0;
  }

  Bytes& file_;
  std::uint32_t byte_ = 0;
  int bits_ = 0;
};

/// A grey file of 256 × 64 blocks whose blocks are either 00 or 10xx0, where xx are extra bits:
/// nearly every bit turned makes an impossible code of some block, and leaves their number as it
/// was more often than not.
Bytes photo_of_tiny_codes(unsigned seed) {
  constexpr int kBlocksWide = 256;
  constexpr int kBlocksHigh = 64;
  Bytes file = {0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0};
  file.insert(file.end(), 64, 1);
  file.insert(file.end(), {0xFF, 0xC0, 0, 11, 8, kBlocksHigh * 8 / 256, 0, kBlocksWide * 8 / 256, 0,
                           1, 1, 0x11, 0});
  const auto add_table = [&](std::uint8_t kind, std::uint8_t ones, const Bytes& symbols) {
    const auto twos = static_cast<std::uint8_t>(symbols.size() - ones);
    file.insert(file.end(),
                {0xFF, 0xC4, 0, static_cast<std::uint8_t>(19 + symbols.size()), kind, ones, twos});
    file.insert(file.end(), 14, 0);
    file.insert(file.end(), symbols.begin(), symbols.end());
  };
  add_table(0x00, 1, {0, 2});
  add_table(0x10, 1, {0});
  file.insert(file.end(), {0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0});
  ScanWriter scan(file);
  std::mt19937 random(seed);
  // Up and down in turn, as the sum of the differences has its limits.
  for (std::uint32_t i = 0, ups = 0; i < kBlocksWide * kBlocksHigh; ++i) {
    if (random() % 2 == 0) {
      scan.put(0b00, 2);
    } else {
      scan.put(ups++ % 2 == 0 ? 0b10110 : 0b10000, 5);
    }
  }
  scan.pad();
  file.insert(file.end(), {0xFF, 0xD9});
  return file;
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
