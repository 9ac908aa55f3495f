#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace bulkhead::imaging {

/// From the RGB of a profile that is three curves and a matrix, as those of nearly all cameras and
/// screens are (ICC.1:2022, F.3), to sRGB. Exact, and made in a third of a millisecond; lcms takes
/// six to make a table of such a profile, whose colours are off by up to six steps of 8 bits.
class MatrixTransform {
 public:
  /// `profile` is an open one of lcms, which is not kept. Nothing when it is described otherwise.
  static std::optional<MatrixTransform> to_srgb(void* profile);

  /// Pixels of three values each; `in` and `out` may be the same.
  void apply(std::span<const std::uint16_t> in, std::span<std::uint16_t> out) const;

 private:
  using Matrix = std::array<std::array<float, 3>, 3>;
  using Curve = std::vector<float>;

  MatrixTransform(std::array<Curve, 3> curves, const Matrix& to_light);

  std::array<Curve, 3> curves_;  // from values to light
  Matrix to_light_;              // from the light of the profile to that of sRGB
};

}  // namespace bulkhead::imaging
