#include "thumbjpeg/block_track.h"

#include <algorithm>

namespace thumbjpeg {

void BlockTrack::begin(std::uint64_t position, std::uint32_t block_in_mcu) {
  if (starts.empty()) {
    starts.resize(1);
  }
  starts[0] = static_cast<std::uint32_t>(position);
  unsound.clear();
  first_block_in_mcu = block_in_mcu;
  lane = {.position = position, .block_in_mcu = block_in_mcu};
}

void BlockTrack::make_room() {
  const std::size_t needed = blocks() + kRounds + 2;
  if (starts.size() < needed) {
    starts.resize(needed * 2);
  }
  lane.starts = starts.data() + blocks();
  lane.unsound = &unsound;
}

std::size_t BlockTrack::blocks_before(std::uint64_t position) const {
  const auto known = starts.begin() + static_cast<std::ptrdiff_t>(blocks()) + 1;
  return static_cast<std::size_t>(std::lower_bound(starts.begin(), known, position) -
                                  starts.begin());
}

bool BlockTrack::is_sound(std::size_t from, std::size_t to) const {
  const auto first = std::ranges::lower_bound(unsound, from);
  return first == unsound.end() || *first >= to;
}

void BlockTrack::run_to(std::uint64_t end, const std::uint8_t* bytes, const SkipPattern& pattern) {
  while (lane.position < end) {
    run_on(bytes, pattern);
  }
}

void BlockTrack::run_on(const std::uint8_t* bytes, const SkipPattern& pattern) {
  make_room();
  skip_blocks(bytes, pattern, {&lane, 1}, kRounds);
}

}  // namespace thumbjpeg
