#pragma once

#include <array>

namespace thumbjpeg {

/// Row and column of a coefficient.
struct CoefficientPlace {
  int row;
  int column;
};

/// The order in which blocks are stored (T.81, figure A.6), as far as any coefficient is kept.
constexpr std::array<CoefficientPlace, 25> kZigzag = {
    {{0, 0}, {0, 1}, {1, 0}, {2, 0}, {1, 1}, {0, 2}, {0, 3}, {1, 2}, {2, 1},
     {3, 0}, {4, 0}, {3, 1}, {2, 2}, {1, 3}, {0, 4}, {0, 5}, {1, 4}, {2, 3},
     {3, 2}, {4, 1}, {5, 0}, {6, 0}, {5, 1}, {4, 2}, {3, 3}}};

}  // namespace thumbjpeg
