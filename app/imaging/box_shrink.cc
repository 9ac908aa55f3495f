#include "imaging/box_shrink.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace bulkhead::imaging {

namespace {

constexpr int kLeftForResizer = 4;
constexpr double kWideMax = 65535;
constexpr std::size_t kMaxChannels = 5;

/// The sums of the boxes of one row of boxes: the channels of a box side by side.
using Sums = std::vector<std::uint64_t>;

/// Adds one row of pixels to the sums of their boxes.
template <class Sample, int kColours, bool kHasAlpha>
void add_row(const std::byte* bytes, int width, int box, std::uint64_t* sums) {
  constexpr int kChannels = kColours + (kHasAlpha ? 1 : 0);
  const auto* pixel = reinterpret_cast<const Sample*>(bytes);
  for (int x = 0; x < width; x += box) {
    const Sample* const end = pixel + std::min(box, width - x) * kChannels;
    std::uint64_t box_sums[kChannels] = {};
    for (; pixel != end; pixel += kChannels) {
      const std::uint64_t weight = kHasAlpha ? pixel[kColours] : 1U;
      for (int c = 0; c < kColours; ++c) {
        box_sums[c] += pixel[c] * weight;
      }
      if constexpr (kHasAlpha) {
        box_sums[kColours] += pixel[kColours];
      }
    }
    for (int c = 0; c < kChannels; ++c) {
      *sums++ += box_sums[c];
    }
  }
}

using AddRow = void (*)(const std::byte*, int, int, std::uint64_t*);

template <class Sample>
AddRow row_adder(int colours, bool has_alpha) {
  switch (colours) {
    case 1:
      return has_alpha ? add_row<Sample, 1, true> : add_row<Sample, 1, false>;
    case 3:
      return has_alpha ? add_row<Sample, 3, true> : add_row<Sample, 3, false>;
    default:
      return has_alpha ? add_row<Sample, 4, true> : add_row<Sample, 4, false>;
  }
}

/// Takes one row of pixels apart, each of its samples with 16 bits.
template <class Sample, int kChannels>
void split_row(const std::byte* bytes, int width, std::uint16_t* const* rows) {
  const auto* sample = reinterpret_cast<const Sample*>(bytes);
  for (int x = 0; x < width; ++x) {
    for (int c = 0; c < kChannels; ++c) {
      constexpr int kScale = sizeof(Sample) == 1 ? 257 : 1;
      rows[c][x] = static_cast<std::uint16_t>(*sample++ * kScale);
    }
  }
}

using SplitRow = void (*)(const std::byte*, int, std::uint16_t* const*);

template <class Sample>
SplitRow row_splitter(int channels) {
  switch (channels) {
    case 1:
      return split_row<Sample, 1>;
    case 3:
      return split_row<Sample, 3>;
    default:
      return split_row<Sample, 4>;
  }
}

/// How many boxes there are in each direction, the last ones in part.
Extent boxes_in(Extent source, Extent box) {
  return {static_cast<int>((std::int64_t{source.width} + box.width - 1) / box.width),
          static_cast<int>((std::int64_t{source.height} + box.height - 1) / box.height)};
}

/// One reading of a raster.
class Shrinking {
 public:
  Shrinking(const RasterHeader& header, Extent box)
      : header_(header),
        box_(box),
        colours_(colour_channels(header.colour)),
        sample_max_(header.sample_bytes == 1 ? 255 : kWideMax),
        add_row_(header.sample_bytes == 1 ? row_adder<std::uint8_t>(colours_, header.has_alpha)
                                          : row_adder<std::uint16_t>(colours_, header.has_alpha)) {
    const Extent extent = boxes_in(header.size, box);
    raster_.has_alpha = header.has_alpha;
    raster_.planes.assign(channels(),
                          {.samples = WidePlane(extent),
                           .width = static_cast<double>(header.size.width) / box.width,
                           .height = static_cast<double>(header.size.height) / box.height});
    if (header.has_alpha) {
      clear_all();
    } else if (box == Extent{1, 1}) {
      split_row_ = header.sample_bytes == 1 ? row_splitter<std::uint8_t>(colours_)
                                            : row_splitter<std::uint16_t>(colours_);
    }
    sums_.assign(static_cast<std::size_t>(extent.width) * channels(), 0);
  }

  void add(std::span<const std::byte> row) {
    if (split_row_ != nullptr) {
      return copy(row);
    }
    add_row_(row.data(), header_.size.width, box_.width, sums_.data());
    ++rows_;
    if (rows_ % box_.height == 0 || rows_ == header_.size.height) {
      finish_boxes();
    }
  }

  bool is_complete() const { return rows_ == header_.size.height; }
  int rows() const { return rows_; }

  /// The raster; `damage` says why it is not complete, if so.
  Raster finish(std::string damage) && {
    if (!is_complete() && rows_ % box_.height != 0) {
      finish_boxes();
    }
    raster_.damage = std::move(damage);
    return std::move(raster_);
  }

 private:
  /// Where there is nothing to be added up, which takes longer than all the rest.
  void copy(std::span<const std::byte> row) {
    std::array<std::uint16_t*, kMaxChannels> rows{};
    std::ranges::transform(raster_.planes, rows.begin(),
                           [this](auto& plane) { return plane.samples.row(rows_); });
    split_row_(row.data(), header_.size.width, rows.data());
    ++rows_;
  }

  std::size_t channels() const {
    return static_cast<std::size_t>(colours_) + (header_.has_alpha ? 1 : 0);
  }

  void clear_all() {
    for (auto& plane : raster_.planes) {
      for (int y = 0; y < plane.samples.height(); ++y) {
        std::fill_n(plane.samples.row(y), plane.samples.width(), std::uint16_t{0});
      }
    }
  }

  /// Turns the sums of the rows since the last call into a row of the raster.
  void finish_boxes() {
    const int y = (rows_ - 1) / box_.height;
    const int rows_in_box = rows_ - y * box_.height;
    for (std::size_t c = 0; c < channels(); ++c) {
      const bool is_alpha = std::cmp_equal(c, colours_);
      const double whole = sample_max_ * (header_.has_alpha && !is_alpha ? sample_max_ : 1);
      finish_row(c, kWideMax / (whole * rows_in_box), raster_.planes[c].samples.row(y));
    }
    std::ranges::fill(sums_, 0);
  }

  void finish_row(std::size_t channel, double scale, std::uint16_t* out) const {
    const int last = raster_.planes.front().samples.width() - 1;
    const auto rounded = [](std::uint64_t sum, double factor) {
      return static_cast<std::uint16_t>(static_cast<double>(sum) * factor + 0.5);
    };
    const std::uint64_t* sum = sums_.data() + channel;
    const double factor = scale / box_.width;
    for (int x = 0; x < last; ++x, sum += channels()) {
      out[x] = rounded(*sum, factor);
    }
    out[last] = rounded(*sum, scale / (header_.size.width - last * box_.width));
  }

  const RasterHeader& header_;
  Extent box_;
  int colours_;
  double sample_max_;
  AddRow add_row_;
  SplitRow split_row_ = nullptr;
  Raster raster_;
  Sums sums_;
  int rows_ = 0;
};

}  // namespace

Extent choose_box(Extent source, Extent wanted) {
  return {std::max(1, source.width / (kLeftForResizer * std::max(1, wanted.width))),
          std::max(1, source.height / (kLeftForResizer * std::max(1, wanted.height)))};
}

std::uint64_t pixels_held(Extent source, Extent box) {
  // One row of the source lies in memory, too.
  return WidePlane::room_for(boxes_in(source, box)) + static_cast<std::uint64_t>(source.width);
}

Expected<Raster, ImageError> box_shrink(RasterSource& source, Extent box) {
  Shrinking shrinking(source.header(), box);
  while (!shrinking.is_complete()) {
    auto row = source.read_row();
    if (!row && shrinking.rows() == 0) {
      return Unexpected(std::move(row.error()));
    }
    if (!row) {
      return std::move(shrinking).finish(std::move(row.error().message));
    }
    shrinking.add(*row);
  }
  return std::move(shrinking).finish(source.header().damage);
}

}  // namespace bulkhead::imaging
