#include "imaging/orientation.h"

#include <array>
#include <cstddef>
#include <utility>

namespace bulkhead::imaging {

Turn turn_of(int exif_orientation) {
  static constexpr std::array<Turn, 9> kTurns = {{
      {},                                                    // 0: not a value of the standard
      {},                                                    // 1: upright
      {.flip_x = true},                                      // 2: mirrored
      {.flip_x = true, .flip_y = true},                      // 3: upside down
      {.flip_y = true},                                      // 4: upside down and mirrored
      {.transpose = true},                                   // 5: transposed
      {.flip_y = true, .transpose = true},                   // 6: to be turned clockwise
      {.flip_x = true, .flip_y = true, .transpose = true},   // 7: transversed
      {.flip_x = true, .flip_y = false, .transpose = true},  // 8: to be turned anticlockwise
  }};
  if (exif_orientation < 1 || exif_orientation > 8) {
    return {};
  }
  return kTurns[static_cast<std::size_t>(exif_orientation)];
}

Extent turned(Extent stored, Turn turn) {
  return turn.transpose ? Extent{stored.height, stored.width} : stored;
}

template <class Sample>
BasicPlane<Sample> turned(const BasicPlane<Sample>& stored, Turn turn) {
  BasicPlane<Sample> shown(turned(stored.extent(), turn));
  const Extent last{stored.width() - 1, stored.height() - 1};
  for (int y = 0; y < shown.height(); ++y) {
    Sample* out = shown.row(y);
    for (int x = 0; x < shown.width(); ++x) {
      const int column = turn.transpose ? y : x;
      const int line = turn.transpose ? x : y;
      out[x] = stored.row(turn.flip_y ? last.height - line
                                      : line)[turn.flip_x ? last.width - column : column];
    }
  }
  return shown;
}

template Plane turned(const Plane& stored, Turn turn);
template WidePlane turned(const WidePlane& stored, Turn turn);

}  // namespace bulkhead::imaging
