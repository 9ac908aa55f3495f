#include "imaging/box_shrink.h"

#include <cstdint>
#include <cstring>

#include <gtest/gtest.h>

namespace bulkhead::imaging {
namespace {

/// Rows from memory, of which the last ones may be missing.
template <class Sample>
class FakeRaster : public RasterSource {
 public:
  FakeRaster(RasterHeader header, std::vector<Sample> samples)
      : header_(std::move(header)),
        samples_(std::move(samples)),
        row_samples_(
            static_cast<std::size_t>(header_.size.width) *
            ((header_.colour == ColourModel::Grey ? 1U : 3U) + (header_.has_alpha ? 1U : 0U))) {
    header_.sample_bytes = sizeof(Sample);
  }

  const RasterHeader& header() const override { return header_; }

  Expected<std::span<const std::byte>, ImageError> read_row() override {
    if (next_ + row_samples_ > samples_.size()) {
      return Unexpected(ImageError{ImageFault::Damaged, "breaks off"});
    }
    next_ += row_samples_;
    return std::as_bytes(std::span(samples_).subspan(next_ - row_samples_, row_samples_));
  }

 private:
  RasterHeader header_;
  std::vector<Sample> samples_;
  std::size_t row_samples_;
  std::size_t next_ = 0;
};

using NarrowRaster = FakeRaster<std::uint8_t>;
using WideRaster = FakeRaster<std::uint16_t>;

constexpr RasterHeader grey(Extent size) {
  RasterHeader header;
  header.size = size;
  header.colour = ColourModel::Grey;
  return header;
}

TEST(BoxShrinkTest, EachBoxBecomesItsMean) {
  NarrowRaster source(grey({4, 2}), {0, 100, 7, 7, 100, 200, 7, 7});
  const Raster raster = box_shrink(source, {2, 2}).value();
  ASSERT_EQ(raster.planes[0].samples.extent(), (Extent{2, 1}));
  EXPECT_EQ(raster.planes[0].samples.row(0)[0], 100 * 257);
  EXPECT_EQ(raster.planes[0].samples.row(0)[1], 7 * 257);
  EXPECT_EQ(raster.damage, "");
}

TEST(BoxShrinkTest, LastBoxesCountWhatTheyHaveAndTheExtentKeepsItsFraction) {
  NarrowRaster source(grey({3, 3}), {10, 10, 50, 10, 10, 70, 30, 50, 90});
  const Raster raster = box_shrink(source, {2, 2}).value();
  ASSERT_EQ(raster.planes[0].samples.extent(), (Extent{2, 2}));
  EXPECT_EQ(raster.planes[0].samples.row(0)[1], 60 * 257);
  EXPECT_EQ(raster.planes[0].samples.row(1)[0], 40 * 257);
  EXPECT_EQ(raster.planes[0].samples.row(1)[1], 90 * 257);
  EXPECT_EQ(raster.planes[0].width, 1.5);
  EXPECT_EQ(raster.planes[0].height, 1.5);
}

TEST(BoxShrinkTest, SixteenBitsKeepTheirDetail) {
  WideRaster source(grey({2, 1}), {1, 65535});
  EXPECT_EQ(box_shrink(source, {1, 1}).value().planes[0].samples.row(0)[0], 1);
  WideRaster again(grey({2, 1}), {1, 65535});
  EXPECT_EQ(box_shrink(again, {2, 2}).value().planes[0].samples.row(0)[0], 32768);
}

TEST(BoxShrinkTest, ColoursWeighAsMuchAsTheyCover) {
  RasterHeader header;
  header.size = {2, 1};
  header.has_alpha = true;
  NarrowRaster source(header, {255, 0, 0, 255, /* hidden: */ 0, 255, 0, 0});
  const Raster raster = box_shrink(source, {2, 2}).value();
  EXPECT_EQ(raster.planes[0].samples.row(0)[0], 32768);
  EXPECT_EQ(raster.planes[1].samples.row(0)[0], 0);
  EXPECT_EQ(raster.planes.back().samples.row(0)[0], 32768);
}

TEST(BoxShrinkTest, RowsThatAreMissingAreGreyOrTransparentAndNamed) {
  NarrowRaster opaque(grey({1, 4}), {9, 9, 9});
  const Raster raster = box_shrink(opaque, {2, 2}).value();
  EXPECT_EQ(raster.damage, "breaks off");
  EXPECT_EQ(raster.planes[0].samples.row(1)[0], 9 * 257);

  RasterHeader header;
  header.size = {1, 2};
  header.has_alpha = true;
  NarrowRaster covered(header, {1, 2, 3, 255});
  EXPECT_EQ(box_shrink(covered, {1, 1}).value().planes.back().samples.row(1)[0], 0);
}

TEST(BoxShrinkTest, NoRowAtAllIsAnError) {
  NarrowRaster source(grey({1, 4}), {});
  EXPECT_FALSE(box_shrink(source, {2, 2}));
}

TEST(BoxShrinkTest, EachSideIsShrunkByItself) {
  EXPECT_EQ(choose_box({1, 1'000'000'000}, {1, 128}), (Extent{1, 1'953'125}));
  NarrowRaster source(grey({2, 4}), {0, 100, 20, 100, 7, 9, 9, 9});
  const Raster raster = box_shrink(source, {1, 2}).value();
  ASSERT_EQ(raster.planes[0].samples.extent(), (Extent{2, 2}));
  EXPECT_EQ(raster.planes[0].samples.row(0)[0], 10 * 257);
  EXPECT_EQ(raster.planes[0].samples.row(0)[1], 100 * 257);
  EXPECT_EQ(raster.planes[0].samples.row(1)[0], 8 * 257);
  EXPECT_EQ(raster.planes[0].width, 2);
  EXPECT_EQ(raster.planes[0].height, 2);
}

TEST(BoxShrinkTest, RowsAreFilledUpAndCountedSo) {
  EXPECT_EQ(pixels_held({1, 1000}, {1, 1}), 32'001U);
  EXPECT_EQ(pixels_held({100, 9}, {2, 2}), 64U * 5 + 100);
}

TEST(BoxShrinkTest, FourTimesTheWantedSizeIsLeft) {
  EXPECT_EQ(choose_box({5120, 3840}, {128, 96}), (Extent{10, 10}));
  EXPECT_EQ(choose_box({5119, 3840}, {128, 96}), (Extent{9, 10}));
  EXPECT_EQ(choose_box({100, 100}, {128, 128}), (Extent{1, 1}));
}

}  // namespace
}  // namespace bulkhead::imaging
