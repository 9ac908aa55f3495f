#include "imaging/layout.h"

#include <algorithm>
#include <cmath>

namespace bulkhead::imaging {

namespace {

constexpr int kMaxSide = 65535;

/// The two factors of a scale, as fractions of whole numbers: halves are then rounded up on every
/// machine alike.
struct Scale {
  std::int64_t numerator = 1;
  std::int64_t denominator = 1;

  bool operator<(const Scale& other) const {
    return numerator * other.denominator < other.numerator * denominator;
  }
  bool enlarges() const { return numerator > denominator; }
  bool shrinks() const { return numerator < denominator; }
  int of(int side) const {
    const std::int64_t rounded = (2 * side * numerator + denominator) / (2 * denominator);
    return static_cast<int>(std::clamp<std::int64_t>(rounded, 1, kMaxSide));
  }
};

bool is_allowed(const Scale& scale, Scaling scaling) {
  return scaling == Scaling::Both ||
         (scaling == Scaling::OnlyDown ? !scale.enlarges() : !scale.shrinks());
}

Scale allowed(const Scale& scale, Scaling scaling) {
  return is_allowed(scale, scaling) ? scale : Scale{};
}

Extent scaled(Extent picture, const Scale& scale) {
  return {scale.of(picture.width), scale.of(picture.height)};
}

Layout whole(Extent size) {
  return {.part = {0, 0, 1, 1}, .size = size, .canvas = size, .offset = {}, .whole_size = size};
}

/// The scale that makes the width, or the height, that of the box; that of the other where it is
/// free.
Scale scale_of_box(Extent picture, Extent box, bool smaller) {
  const Scale x{box.width, picture.width};
  const Scale y{box.height, picture.height};
  if (box.width <= 0 || box.height <= 0) {
    return box.width > 0 ? x : y;
  }
  return (x < y) == smaller ? x : y;
}

Scale scale_of_number(Extent picture, const SizeRule& rule) {
  constexpr double kUnit = 1 << 20;
  const double pixels = double(picture.width) * picture.height;
  const double factor = rule.area > 0 ? std::sqrt(double(rule.area) / pixels) : rule.percent / 100;
  return {std::max<std::int64_t>(1, std::llround(factor * kUnit)),
          static_cast<std::int64_t>(kUnit)};
}

Layout cover(Extent picture, const SizeRule& rule, const Scale& scale) {
  const Extent whole_size = scaled(picture, scale);
  Layout layout = whole(
      {std::min(rule.box.width, whole_size.width), std::min(rule.box.height, whole_size.height)});
  // The exact extent of the whole picture at this scale; the rounded one may be off by half a
  // pixel.
  const double factor = double(scale.numerator) / double(scale.denominator);
  layout.whole_size = whole_size;
  layout.part.width = std::min(1.0, layout.size.width / (picture.width * factor));
  layout.part.height = std::min(1.0, layout.size.height / (picture.height * factor));
  layout.part.left = (1 - layout.part.width) * rule.gravity.x;
  layout.part.top = (1 - layout.part.height) * rule.gravity.y;
  return layout;
}

/// The whole picture at this scale, and the box cut out of it at whole pixels.
Layout cut_out(Extent picture, const SizeRule& rule, const Scale& scale) {
  const Extent whole_size = scaled(picture, scale);
  Layout layout = whole(
      {std::min(rule.box.width, whole_size.width), std::min(rule.box.height, whole_size.height)});
  layout.whole_size = whole_size;
  const auto fraction = [](int rest, double gravity, int side) {
    return std::floor(rest * gravity) / side;
  };
  layout.part = {
      fraction(whole_size.width - layout.size.width, rule.gravity.x, whole_size.width),
      fraction(whole_size.height - layout.size.height, rule.gravity.y, whole_size.height),
      double(layout.size.width) / whole_size.width, double(layout.size.height) / whole_size.height};
  return layout;
}

Layout contain(Extent size, const SizeRule& rule) {
  Layout layout = whole(size);
  layout.canvas = {std::max(size.width, rule.box.width), std::max(size.height, rule.box.height)};
  layout.offset = {
      static_cast<int>(std::lround((layout.canvas.width - size.width) * rule.gravity.x)),
      static_cast<int>(std::lround((layout.canvas.height - size.height) * rule.gravity.y))};
  return layout;
}

Extent filled(Extent picture, const SizeRule& rule) {
  return {allowed({rule.box.width, picture.width}, rule.scaling).of(picture.width),
          allowed({rule.box.height, picture.height}, rule.scaling).of(picture.height)};
}

}  // namespace

Layout lay_out(Extent picture, const SizeRule& rule) {
  if (rule.percent > 0 || rule.area > 0) {
    return whole(scaled(picture, allowed(scale_of_number(picture, rule), rule.scaling)));
  }
  const bool has_free_side = rule.box.width <= 0 || rule.box.height <= 0;
  const bool covers = rule.fit == Fit::Cover || rule.fit == Fit::Outside;
  const bool has_margin =
      rule.fit == Fit::Cover && rule.margin_box.width > 0 && rule.margin_box.height > 0;
  const Scale least = scale_of_box(picture, rule.box, !covers);
  const Scale scale =
      allowed(has_margin ? std::max(least, scale_of_box(picture, rule.margin_box, false)) : least,
              rule.scaling);
  const Extent size = scaled(picture, scale);
  if (has_free_side) {
    return whole(size);
  }
  switch (rule.fit) {
    case Fit::Inside:
    case Fit::Outside:
      return whole(size);
    case Fit::Cover:
      return has_margin ? cut_out(picture, rule, scale) : cover(picture, rule, scale);
    case Fit::Contain:
      return contain(size, rule);
    case Fit::Fill:
      return whole(filled(picture, rule));
  }
  return whole(size);
}

}  // namespace bulkhead::imaging
