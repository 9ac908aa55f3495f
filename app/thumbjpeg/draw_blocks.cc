#include "thumbjpeg/draw_blocks.h"

#include <algorithm>
#include <array>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "thumbjpeg/draw_blocks.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "thumbjpeg/coefficient_row.h"
#include "thumbjpeg/zigzag.h"

HWY_BEFORE_NAMESPACE();
namespace thumbjpeg::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;
using Vector = hn::Vec<Floats>;

// Blocks that are drawn together, one in each place of a vector.
constexpr std::size_t kGroup = 32;
static_assert(CoefficientRow::kLinePadding % kGroup == 0);

// Coefficients are those of samples less mid-grey; cutting off then rounds.
constexpr float kMidGreyAndHalf = 128.5F;

HWY_INLINE Vector times(float factor, Vector vector) {
  return hn::Mul(hn::Set(Floats(), factor), vector);
}

// The inverse DCTs of 2 to 4 points in place, but for the factors of the coefficients, which are in
// BlockPainter's. The constants are cosines of multiples of pi / (2 * side).

HWY_INLINE void transform(Vector& a, Vector& b) {
  const Vector odd = times(0.707106781F, b);
  b = hn::Sub(a, odd);
  a = hn::Add(a, odd);
}

HWY_INLINE void transform(Vector& a, Vector& b, Vector& c) {
  const Vector even = hn::Add(a, times(0.5F, c));
  const Vector odd = times(0.866025404F, b);
  b = hn::Sub(a, c);
  a = hn::Add(even, odd);
  c = hn::Sub(even, odd);
}

HWY_INLINE void transform(Vector& a, Vector& b, Vector& c, Vector& d) {
  const Vector half = times(0.707106781F, c);
  const Vector outer_even = hn::Add(a, half);
  const Vector inner_even = hn::Sub(a, half);
  const Vector outer_odd = hn::Add(times(0.923879533F, b), times(0.382683432F, d));
  const Vector inner_odd = hn::Sub(times(0.382683432F, b), times(0.923879533F, d));
  a = hn::Add(outer_even, outer_odd);
  b = hn::Add(inner_even, inner_odd);
  c = hn::Sub(inner_even, inner_odd);
  d = hn::Sub(outer_even, outer_odd);
}

/// Transforms `kSide` vectors that lie `kStep` apart.
template <int kSide, int kStep>
HWY_INLINE void transform_line(Vector* first) {
  if constexpr (kSide == 2) {
    transform(first[0], first[kStep]);
  } else if constexpr (kSide == 3) {
    transform(first[0], first[kStep], first[2 * kStep]);
  } else if constexpr (kSide == 4) {
    transform(first[0], first[kStep], first[2 * kStep], first[3 * kStep]);
  }
}

/// The samples of one place in each block of a vector; what is no sample becomes the nearest one.
HWY_INLINE void store_samples(Vector vector, std::uint8_t* samples) {
  const hn::RebindToSigned<Floats> integers;
  const hn::Rebind<std::uint8_t, Floats> bytes;
  hn::StoreU(hn::DemoteTo(bytes, hn::ConvertTo(integers, vector)), bytes, samples);
}

/// The samples of a group of blocks, those of the same place in their blocks side by side.
template <int kSide>
HWY_INLINE void draw_group(const std::int16_t* lines, std::size_t line_stride, const float* factors,
                           std::uint8_t (*samples)[kGroup]) {
  const Floats floats;
  const hn::RebindToSigned<Floats> integers;
  const hn::Rebind<std::int16_t, Floats> words;
  for (std::size_t x = 0; x < kGroup; x += hn::Lanes(floats)) {
    Vector block[kSide * kSide];
    for (std::size_t i = 0; i < kSide * kSide; ++i) {
      const auto coefficients = hn::LoadU(words, lines + i * line_stride + x);
      block[i] = times(factors[i], hn::ConvertTo(floats, hn::PromoteTo(integers, coefficients)));
    }
    // The mean is part of all samples, so that what is added to it is added to all.
    block[0] = hn::Add(block[0], hn::Set(floats, kMidGreyAndHalf));
    for (int i = 0; i < kSide; ++i) {
      transform_line<kSide, kSide>(block + i);
    }
    for (int i = 0; i < kSide; ++i) {
      transform_line<kSide, 1>(block + std::ptrdiff_t{kSide} * i);
    }
    for (int i = 0; i < kSide * kSide; ++i) {
      store_samples(block[i], samples[i] + x);
    }
  }
}

/// One row of a group's samples in the order of the picture.
template <int kSide>
HWY_INLINE void store_row(const std::uint8_t (*samples)[kGroup], std::uint8_t* row) {
#if HWY_TARGET == HWY_SCALAR
  for (std::size_t x = 0; x < kGroup; ++x) {
    for (std::size_t i = 0; i < kSide; ++i) {
      row[kSide * x + i] = samples[i][x];
    }
  }
#else
  const hn::FixedTag<std::uint8_t, 16> bytes;
  for (std::size_t x = 0; x < kGroup; x += 16) {
    const auto first = hn::LoadU(bytes, samples[0] + x);
    if constexpr (kSide == 1) {
      hn::StoreU(first, bytes, row + x);
    } else {
      const auto second = hn::LoadU(bytes, samples[1] + x);
      if constexpr (kSide == 2) {
        hn::StoreInterleaved2(first, second, bytes, row + 2 * x);
      } else {
        const auto third = hn::LoadU(bytes, samples[2] + x);
        if constexpr (kSide == 3) {
          hn::StoreInterleaved3(first, second, third, bytes, row + 3 * x);
        } else {
          hn::StoreInterleaved4(first, second, third, hn::LoadU(bytes, samples[3] + x), bytes,
                                row + 4 * x);
        }
      }
    }
  }
#endif
}

template <int kSide>
void draw_side(const std::int16_t* lines, std::size_t line_stride, std::size_t blocks,
               const float* factors, std::uint8_t* samples, std::ptrdiff_t sample_stride) {
  std::uint8_t group[kSide * kSide][kGroup];
  std::uint8_t row[kSide * kGroup];
  for (std::size_t x = 0; x < blocks; x += kGroup) {
    draw_group<kSide>(lines + x, line_stride, factors, group);
    const std::size_t count = std::min(kGroup, blocks - x);
    for (int y = 0; y < kSide; ++y) {
      std::uint8_t* const out = samples + y * sample_stride + x * kSide;
      if (count == kGroup) {
        store_row<kSide>(group + std::ptrdiff_t{y} * kSide, out);
      } else {
        store_row<kSide>(group + std::ptrdiff_t{y} * kSide, row);
        std::memcpy(out, row, count * kSide);
      }
    }
  }
}

void draw_any(const std::int16_t* lines, std::size_t line_stride, std::size_t blocks,
              const float* factors, std::uint8_t* samples, std::ptrdiff_t sample_stride, int side) {
  switch (side) {
    case 1:
      return draw_side<1>(lines, line_stride, blocks, factors, samples, sample_stride);
    case 2:
      return draw_side<2>(lines, line_stride, blocks, factors, samples, sample_stride);
    case 3:
      return draw_side<3>(lines, line_stride, blocks, factors, samples, sample_stride);
    default:
      return draw_side<4>(lines, line_stride, blocks, factors, samples, sample_stride);
  }
}

}  // namespace thumbjpeg::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace thumbjpeg {

namespace {

HWY_EXPORT(draw_any);

}  // namespace

BlockPainter::BlockPainter(const Quantizer& quantizer, int side) : side_(side) {
  const auto scale = [](int index) { return index == 0 ? 0.353553391F : 0.5F; };  // 1 / sqrt(8)
  for (std::size_t i = 0; i < kZigzag.size(); ++i) {
    const auto [row, column] = kZigzag[i];
    if (row < side && column < side) {
      factors_[static_cast<std::size_t>(row * side + column)] =
          static_cast<float>(quantizer.steps[i]) * scale(row) * scale(column);
    }
  }
  // Exact, so that means round as libjpeg rounds them.
  factors_[0] = static_cast<float>(quantizer.steps[0]) / 8;
}

void BlockPainter::draw(const std::int16_t* lines, std::size_t line_stride, std::size_t blocks,
                        std::uint8_t* samples, std::ptrdiff_t sample_stride) const {
  HWY_DYNAMIC_DISPATCH(draw_any)
  (lines, line_stride, blocks, factors_.data(), samples, sample_stride, side_);
}

}  // namespace thumbjpeg
#endif
