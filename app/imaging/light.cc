#include "imaging/light.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace bulkhead::imaging {

namespace {

constexpr std::size_t kValues = 65536;
constexpr double kMax = kValues - 1;

using Table = std::vector<std::uint16_t>;

Table table_of(double (*function)(double)) {
  Table table(kValues);
  for (std::size_t i = 0; i < kValues; ++i) {
    table[i] =
        static_cast<std::uint16_t>(std::lround(function(static_cast<double>(i) / kMax) * kMax));
  }
  return table;
}

void look_up(std::vector<WidePlane>& planes, const Table& table) {
  for (WidePlane& plane : planes) {
    for (int y = 0; y < plane.height(); ++y) {
      std::uint16_t* const row = plane.row(y);
      for (int x = 0; x < plane.width(); ++x) {
        row[x] = table[row[x]];
      }
    }
  }
}

double light_of(double value) {
  return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double value_of(double light) {
  return light <= 0.0031308 ? light * 12.92 : 1.055 * std::pow(light, 1 / 2.4) - 0.055;
}

double with_headroom(double value) {
  return 0.25 + value / 2;
}

double without_headroom(double value) {
  return std::clamp(2 * (value - 0.25), 0.0, 1.0);
}

}  // namespace

void to_light(std::vector<WidePlane>& planes) {
  static const Table table = table_of(light_of);
  look_up(planes, table);
}

void from_light(std::vector<WidePlane>& planes) {
  static const Table table = table_of(value_of);
  look_up(planes, table);
}

void add_headroom(std::vector<WidePlane>& planes) {
  static const Table table = table_of(with_headroom);
  look_up(planes, table);
}

void remove_headroom(std::vector<WidePlane>& planes) {
  static const Table table = table_of(without_headroom);
  look_up(planes, table);
}

}  // namespace bulkhead::imaging
