#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "photos/photo.h"
#include "thumbjpeg/coefficient_image.h"
#include "thumbjpeg/thumbjpeg.h"
#include "thumbjpeg/tiny_codes.h"

namespace thumbjpeg {
namespace {

using bulkhead::test_photos::Coding;
using bulkhead::test_photos::make_photo_bytes;
using bulkhead::test_photos::PhotoOptions;
using bulkhead::test_photos::Sampling;
using Bytes = std::vector<std::uint8_t>;

KeptCoefficients joined(const Bytes& file, int count, int side) {
  Workspace workspace;
  return joined_coefficients(file, sections_of(file, count, side, workspace), side, workspace);
}

KeptCoefficients whole(const Bytes& file, int side) {
  Workspace workspace;
  return kept_coefficients(file, side, workspace);
}

/// Whether all sections, put together, give what the file gives, which is not nothing.
bool goes_together(const Bytes& file, int count, int side) {
  const auto expected = whole(file, side);
  return !expected.empty() && joined(file, count, side) == expected;
}

Bytes photo_of_sections() {
  return make_photo_bytes({.width = 500, .height = 400, .quality = 96});
}

TEST(SectionsTest, EverySamplingAndRestartInterval) {
  for (const auto sampling :
       {Sampling::S444, Sampling::S422, Sampling::S420, Sampling::S440, Sampling::S411}) {
    for (const int interval : {0, 1, 7, 40, 65535}) {
      const Bytes file = make_photo_bytes({.width = 701,
                                           .height = 403,
                                           .sampling = sampling,
                                           .restart_interval = interval,
                                           .quality = 96});
      for (int side = 1; side <= 4; ++side) {
        EXPECT_TRUE(goes_together(file, 1 + side, side))
            << "interval " << interval << ", side " << side << ", " << file.size() << " bytes";
      }
    }
  }
}

TEST(SectionsTest, GreyAndOneSection) {
  const Bytes file =
      make_photo_bytes({.width = 600, .height = 500, .coding = Coding::Grey, .quality = 96});
  EXPECT_TRUE(goes_together(file, 1, 2));
  EXPECT_TRUE(goes_together(file, 3, 2));
}

// The last bits of such a file can be padding or one block more: only the number of blocks tells.
TEST(SectionsTest, WhatMayBePaddingIsTakenForWhatItIs) {
  int doubtful = 0;
  for (unsigned seed = 1; seed <= 40; ++seed) {
    const Bytes file = photo_of_tiny_codes(seed, 256);
    EXPECT_TRUE(goes_together(file, 2, 1)) << seed;
    Workspace workspace;
    doubtful += sections_of(file, 2, 1, workspace).back().doubtful_mcus;
  }
  EXPECT_GT(doubtful, 0);
}

TEST(SectionsTest, ASectionThatIsNeverInStepIsRefused) {
  const Bytes file = photo_out_of_step(600);
  EXPECT_FALSE(whole(file, 1).empty());
  EXPECT_TRUE(joined(file, 2, 1).empty());
}

TEST(SectionsTest, WhereAllComponentsHaveOneCodeNobodyKnowsWhereAnMcuBegins) {
  EXPECT_TRUE(
      joined(make_photo_bytes({.width = 500, .height = 400, .coding = Coding::Rgb, .quality = 96}),
             2, 1)
          .empty());
}

TEST(SectionsTest, ProgressiveFilesAreRefused) {
  EXPECT_TRUE(
      joined(make_photo_bytes({.width = 500, .height = 400, .progressive = true, .quality = 96}), 2,
             1)
          .empty());
}

TEST(SectionsTest, WhatFollowsThePictureIsNotLookedAt) {
  for (const int interval : {0, 9}) {
    Bytes file = make_photo_bytes(
        {.width = 500, .height = 400, .restart_interval = interval, .quality = 96});
    const auto expected = whole(file, 1);
    const Bytes other = file;
    file.insert(file.end(), other.begin(), other.end());
    EXPECT_EQ(joined(file, 3, 1), expected);
  }
}

TEST(SectionsTest, ATruncatedFileIsRefused) {
  for (const int interval : {0, 9}) {
    Bytes file = make_photo_bytes(
        {.width = 500, .height = 400, .restart_interval = interval, .quality = 96});
    while (file.size() > 20'000) {
      file.resize(file.size() - 3001);
      EXPECT_TRUE(joined(file, 2, 1).empty()) << file.size();
    }
  }
}

TEST(SectionsTest, MoreSectionsThanBytesAreRefused) {
  Bytes file = photo_of_tiny_codes(1);
  for (std::size_t left = 6; left-- > 0;) {
    MarkerReader reader(file);
    ASSERT_EQ(reader.next(), MarkerReader::Stop::Scan);
    file.resize(file.size() - reader.rest().size() + left, 0xFF);
    EXPECT_TRUE(joined(file, 4, 1).empty());
  }
}

TEST(SectionsTest, NoDamageIsAcceptedThatIsRefusedAsAWhole) {
  for (const int interval : {0, 9}) {
    const Bytes file = make_photo_bytes(
        {.width = 500, .height = 400, .restart_interval = interval, .quality = 96});
    std::mt19937 random(7);
    for (int i = 0; i < 200; ++i) {
      Bytes damaged = file;
      const std::size_t at = 700 + random() % (file.size() - 700);
      damaged[at] ^= static_cast<std::uint8_t>(1U << random() % 8);
      const auto kept = joined(damaged, 2, 1);
      EXPECT_TRUE(kept.empty() || kept == whole(damaged, 1)) << at;
    }
  }
}

/// Whether sections, changed in some way, are refused; as they were they are not.
template <class Change>
void expect_refused(int restart_interval, Change change) {
  Workspace workspace;
  const Bytes file = make_photo_bytes(
      {.width = 500, .height = 400, .restart_interval = restart_interval, .quality = 96});
  auto sections = sections_of(file, 3, 2, workspace);
  ASSERT_FALSE(joined_coefficients(file, sections, 2, workspace).empty());
  change(sections);
  EXPECT_TRUE(joined_coefficients(file, sections, 2, workspace).empty());
}

using Sections = std::vector<Section>;

TEST(SectionsTest, SectionsThatAreNotAllOnceAndInOrderAreRefused) {
  expect_refused(0, [](Sections& all) { all.clear(); });
  expect_refused(0, [](Sections& all) { all.pop_back(); });
  expect_refused(0, [](Sections& all) { all.erase(all.begin()); });
  expect_refused(0, [](Sections& all) { all.insert(all.begin(), all.front()); });
  expect_refused(9, [](Sections& all) { std::swap(all[0], all[1]); });
  expect_refused(9, [](Sections& all) { all.erase(all.begin() + 1); });
}

TEST(SectionsTest, SectionsThatLieAreRefused) {
  expect_refused(0, [](Sections& all) { all[0].mcus += 1; });
  expect_refused(0, [](Sections& all) { all[0].mcus = -1; });
  expect_refused(0, [](Sections& all) { all[1].eighths = 1; });
  expect_refused(0, [](Sections& all) { all[1].restart_number = 0; });
  expect_refused(0, [](Sections& all) { all[1].coefficients.pop_back(); });
  expect_refused(0, [](Sections& all) { all[2].ends_picture = false; });
  expect_refused(0, [](Sections& all) { all[2].doubtful_mcus = -1; });
  expect_refused(0, [](Sections& all) { all[2].doubtful_mcus = all[2].mcus + 1; });
  expect_refused(9, [](Sections& all) { all[1].restart_number ^= 1; });
}

/// Makes a section longer or shorter, with coefficients for all of it.
void add_mcus(Section& section, int mcus) {
  const std::size_t of_mcu = section.coefficients.size() / static_cast<std::size_t>(section.mcus);
  section.mcus += mcus;
  section.coefficients.resize(of_mcu * static_cast<std::size_t>(section.mcus));
}

TEST(SectionsTest, SectionsThatBeginWithinARestartIntervalAreRefused) {
  expect_refused(9, [](Sections& all) {
    add_mcus(all[0], 1);
    add_mcus(all[1], -1);
  });
}

TEST(SectionsTest, RestartMarkersOutOfOrderAreRefused) {
  Bytes file =
      make_photo_bytes({.width = 500, .height = 400, .restart_interval = 9, .quality = 96});
  const Bytes fourth = {0xFF, 0xD3};
  const auto marker = std::ranges::search(file, fourth).begin();
  ASSERT_NE(marker, file.end());
  marker[1] = 0xD4;
  EXPECT_TRUE(joined(file, 2, 1).empty());
}

TEST(SectionsTest, MeansThatDoNotFitAreRefused) {
  expect_refused(0, [](Sections& all) { all[0].means[1] = 40'000; });
  expect_refused(0, [](Sections& all) { all[0].means[1] = 32'767; });
  expect_refused(0, [](Sections& all) { all[1].means[2] = -32'768; });
}

/// The samples of all planes, one after the other.
struct Drawing {
  explicit Drawing(const std::vector<PlaneLayout>& layouts) {
    for (const PlaneLayout& layout : layouts) {
      planes.emplace_back(static_cast<std::size_t>(layout.capacity_width) *
                          static_cast<std::size_t>(layout.capacity_height));
      memory.push_back({planes.back().data(), layout.capacity_width});
    }
  }

  std::vector<Bytes> planes;
  std::vector<PlaneMemory> memory;
};

TEST(SectionsTest, DecodersThatSeeAPartOfTheFileGiveTheSamplesOfTheWhole) {
  const Bytes file = photo_of_sections();
  constexpr std::size_t kHeadBytes = 1000;
  const std::span<const std::uint8_t> head(file.data(), kHeadBytes);
  Decoder decoder;
  Drawing expected(decoder.open(file, 3).value());
  ASSERT_TRUE(decoder.decode(expected.memory));
  std::vector<Section> sections;
  for (int i = 0; i < 2; ++i) {
    Decoder other;
    ASSERT_TRUE(other.open(head, 3));
    const auto range = other.range_of({i, 2}, file.size());
    ASSERT_TRUE(range);
    const Bytes bytes(file.begin() + static_cast<std::ptrdiff_t>(range->begin),
                      file.begin() + static_cast<std::ptrdiff_t>(range->end));
    auto section = other.decode_section({i, 2}, file.size(), bytes);
    ASSERT_TRUE(section);
    EXPECT_FALSE(other.decode_section({i, 2}, file.size(), std::span(bytes).first(500)));
    sections.push_back(*std::move(section));
  }
  Drawing drawing(decoder.open(head, 3).value());
  EXPECT_TRUE(decoder.join(sections, drawing.memory));
  EXPECT_EQ(drawing.planes, expected.planes);
}

}  // namespace
}  // namespace thumbjpeg
