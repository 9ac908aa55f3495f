#include "imaging/matrix_profile.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include <lcms2.h>

namespace bulkhead::imaging {

namespace {

using Matrix64 = std::array<std::array<double, 3>, 3>;

constexpr int kHighest = 65535;
// In between, curves are straight lines: the error is below a tenth of a step of 8 bits.
constexpr int kCurveSteps = 4096;
// The curve of sRGB is steep where it is dark.
constexpr int kSrgbSteps = 16384;

constexpr std::array kCurveTags = {cmsSigRedTRCTag, cmsSigGreenTRCTag, cmsSigBlueTRCTag};
constexpr std::array kColorantTags = {cmsSigRedColorantTag, cmsSigGreenColorantTag,
                                      cmsSigBlueColorantTag};

bool is_matrix_of_rgb(void* profile) {
  return cmsGetColorSpace(profile) == cmsSigRgbData && cmsGetPCS(profile) == cmsSigXYZData &&
         cmsIsMatrixShaper(profile) != 0 && cmsIsTag(profile, cmsSigAToB0Tag) == 0 &&
         cmsIsTag(profile, cmsSigDToB0Tag) == 0;
}

/// XYZ of the full light of each channel, in columns.
std::optional<Matrix64> colorants_of(void* profile) {
  Matrix64 matrix{};
  for (std::size_t c = 0; c < kColorantTags.size(); ++c) {
    const auto* const xyz = static_cast<const cmsCIEXYZ*>(cmsReadTag(profile, kColorantTags[c]));
    if (xyz == nullptr) {
      return std::nullopt;
    }
    matrix[0][c] = xyz->X;
    matrix[1][c] = xyz->Y;
    matrix[2][c] = xyz->Z;
  }
  return matrix;
}

double cofactor(const Matrix64& m, std::size_t row, std::size_t column) {
  const std::size_t r1 = (row + 1) % 3;
  const std::size_t r2 = (row + 2) % 3;
  const std::size_t c1 = (column + 1) % 3;
  const std::size_t c2 = (column + 2) % 3;
  return m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1];
}

Matrix64 inverse(const Matrix64& m) {
  const double determinant =
      m[0][0] * cofactor(m, 0, 0) + m[0][1] * cofactor(m, 0, 1) + m[0][2] * cofactor(m, 0, 2);
  Matrix64 result{};
  for (std::size_t row = 0; row < 3; ++row) {
    for (std::size_t column = 0; column < 3; ++column) {
      result[row][column] = cofactor(m, column, row) / determinant;
    }
  }
  return result;
}

/// From XYZ, as profiles mean it (D50), to the light of sRGB; as lcms has its colorants.
const Matrix64& xyz_to_srgb() {
  static const Matrix64 kMatrix = [] {
    void* const srgb = cmsCreate_sRGBProfile();
    const auto colorants = colorants_of(srgb);
    cmsCloseProfile(srgb);
    return inverse(colorants.value());
  }();
  return kMatrix;
}

/// IEC 61966-2-1, of light from 0 to 1.
const std::vector<float>& srgb_of_light() {
  static const std::vector<float> kValues = [] {
    std::vector<float> values(kSrgbSteps + 2, float{kHighest});
    for (std::size_t i = 0; i <= kSrgbSteps; ++i) {
      const double light = static_cast<double>(i) / kSrgbSteps;
      const double value =
          light <= 0.0031308 ? 12.92 * light : 1.055 * std::pow(light, 1 / 2.4) - 0.055;
      values[i] = static_cast<float>(value * kHighest);
    }
    return values;
  }();
  return kValues;
}

/// At a place between 0 and the last value but one.
float value_at(const std::vector<float>& table, float place) {
  const auto below = static_cast<std::size_t>(place);
  return table[below] + (table[below + 1] - table[below]) * (place - static_cast<float>(below));
}

}  // namespace

MatrixTransform::MatrixTransform(std::array<Curve, 3> curves, const Matrix& to_light)
    : curves_(std::move(curves)), to_light_(to_light) {}

std::optional<MatrixTransform> MatrixTransform::to_srgb(void* profile) {
  const auto colorants = is_matrix_of_rgb(profile) ? colorants_of(profile) : std::nullopt;
  if (!colorants) {
    return std::nullopt;
  }
  std::array<Curve, 3> curves;
  for (std::size_t c = 0; c < curves.size(); ++c) {
    const auto* const tone = static_cast<const cmsToneCurve*>(cmsReadTag(profile, kCurveTags[c]));
    if (tone == nullptr) {
      return std::nullopt;
    }
    for (int i = 0; i <= kCurveSteps; ++i) {
      curves[c].push_back(cmsEvalToneCurveFloat(tone, static_cast<float>(i) / kCurveSteps));
    }
    curves[c].push_back(curves[c].back());
  }
  Matrix to_light{};
  for (std::size_t row = 0; row < 3; ++row) {
    for (std::size_t column = 0; column < 3; ++column) {
      for (std::size_t i = 0; i < 3; ++i) {
        to_light[row][column] +=
            static_cast<float>(xyz_to_srgb()[row][i] * (*colorants)[i][column]);
      }
    }
  }
  return MatrixTransform(std::move(curves), to_light);
}

void MatrixTransform::apply(std::span<const std::uint16_t> in, std::span<std::uint16_t> out) const {
  constexpr float kScale = static_cast<float>(kCurveSteps) / kHighest;
  const std::vector<float>& srgb = srgb_of_light();
  for (std::size_t i = 0; i + 3 <= in.size(); i += 3) {
    const std::array light = {value_at(curves_[0], static_cast<float>(in[i]) * kScale),
                              value_at(curves_[1], static_cast<float>(in[i + 1]) * kScale),
                              value_at(curves_[2], static_cast<float>(in[i + 2]) * kScale)};
    for (std::size_t c = 0; c < 3; ++c) {
      const auto& row = to_light_[c];
      const float mixed = row[0] * light[0] + row[1] * light[1] + row[2] * light[2];
      // Nonsense in a profile (NaN) becomes 0.
      const float within = mixed > 0 ? std::min(mixed, 1.0F) : 0.0F;
      out[i + c] = static_cast<std::uint16_t>(value_at(srgb, within * float{kSrgbSteps}) + 0.5F);
    }
  }
}

}  // namespace bulkhead::imaging
