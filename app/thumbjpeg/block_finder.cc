#include "thumbjpeg/block_finder.h"

#include <algorithm>

namespace thumbjpeg {

namespace {

// What is found in one part stays in the level 2 cache until its values are read.
constexpr std::size_t kPartBytes = std::size_t{64} << 10;

// Shorter pieces are not worth being cut: ranges are in step after 40 bytes mostly, after some
// hundreds rarely.
constexpr std::size_t kMinBytesToCut = std::size_t{4} << 10;

constexpr std::size_t kBits = 8;

// Coefficients of a kind of picture that is worth waiting for take 20 to 35 bits a round.
constexpr std::size_t kBitsOfRound = 28;

int rounds_for(std::size_t bytes) {
  constexpr std::size_t kFewest = 6;
  return static_cast<int>(std::clamp<std::size_t>(bytes * kBits / kBitsOfRound, kFewest, kRounds));
}

/// The smallest distance of blocks after which the tables repeat.
std::uint32_t find_period(const ScanPlan& plan) {
  const auto blocks = static_cast<std::uint32_t>(plan.blocks_in_mcu);
  const auto repeats = [&](std::uint32_t period) {
    for (std::uint32_t block = 0; block < blocks; ++block) {
      if (&plan.tables_of_block(block) != &plan.tables_of_block((block + period) % blocks)) {
        return false;
      }
    }
    return true;
  };
  std::uint32_t period = 1;
  while (period < blocks && !(blocks % period == 0 && repeats(period))) {
    ++period;
  }
  return period;
}

bool has_between(const std::vector<std::uint32_t>& sorted, std::size_t from, std::size_t to) {
  const auto first = std::ranges::lower_bound(sorted, from);
  return first != sorted.end() && *first < to;
}

}  // namespace

void BlockFinder::Track::begin(std::uint64_t position, std::uint32_t block_in_mcu) {
  if (starts.empty()) {
    starts.resize(1);
  }
  starts[0] = static_cast<std::uint32_t>(position);
  unsound.clear();
  first_block_in_mcu = block_in_mcu;
  lane = {.position = position, .block_in_mcu = block_in_mcu};
}

void BlockFinder::Track::make_room() {
  const std::size_t needed = blocks() + kRounds + 2;
  if (starts.size() < needed) {
    starts.resize(needed * 2);
  }
  lane.starts = starts.data() + blocks();
  lane.unsound = &unsound;
}

BlockFinder::BlockFinder(const ScanPlan& plan, const EntropyData& data)
    : plan_(plan), data_(data), pattern_(plan), period_(find_period(plan)) {}

bool BlockFinder::find_more(std::vector<std::uint32_t>& starts) {
  if (!starts.empty()) {
    starts.pop_back();
  }
  if (segment_ == data_.segments().size()) {
    return true;
  }
  const EntropySegment& segment = data_.segments()[segment_];
  const bool is_last = segment_ + 1 == data_.segments().size();
  if (blocks_before_ == 0 && !is_last && segment.end - segment.begin < kMinBytesToCut) {
    return find_in_intervals(starts);
  }
  if (blocks_before_ == 0) {
    position_ = segment.begin * kBits;
  }
  return find_in_part(blocks_of_segment(segment_) - blocks_before_, starts);
}

std::size_t BlockFinder::blocks_of_segment(std::size_t segment) const {
  const auto interval = static_cast<std::size_t>(plan_.restart_interval);
  const std::size_t mcus = std::min(interval, plan_.mcus() - segment * interval);
  return mcus * static_cast<std::size_t>(plan_.blocks_in_mcu);
}

/// True when `position` is behind the last code of the segment: only padding to a byte follows.
bool BlockFinder::ends_segment(std::uint64_t position, const EntropySegment& segment) const {
  return position <= segment.end * kBits && position + kBits > segment.end * kBits;
}

bool BlockFinder::find_in_part(std::size_t blocks_left, std::vector<std::uint32_t>& starts) {
  const EntropySegment& segment = data_.segments()[segment_];
  const std::uint64_t byte = position_ / kBits;
  if (byte >= segment.end) {
    return false;
  }
  const std::size_t bytes_left = segment.end - byte;
  const bool is_last = bytes_left <= kPartBytes + kMinBytesToCut;
  const std::size_t bytes = is_last ? bytes_left : kPartBytes;
  std::array<std::uint64_t, kLanes + 1> cuts{position_};
  const std::size_t ranges = bytes < kMinBytesToCut ? 1 : kLanes;
  for (std::size_t i = 1; i <= ranges; ++i) {
    cuts[i] = (byte + bytes * i / ranges) * kBits;
  }
  const std::span<const std::uint64_t> used(cuts.data(), ranges + 1);
  tracks_[0].begin(position_, static_cast<std::uint32_t>(
                                  blocks_before_ % static_cast<std::size_t>(plan_.blocks_in_mcu)));
  for (std::size_t i = 1; i < ranges; ++i) {
    tracks_[i].begin(cuts[i], 0);
  }
  run_ranges(used);
  const std::size_t before = starts.size();
  if (!append_joined(used, blocks_left, starts)) {
    return false;
  }
  const std::size_t found = starts.size() - before - 1;
  position_ = starts.back();
  blocks_before_ += found;
  if (found < blocks_left) {
    return !is_last;
  }
  ++segment_;
  blocks_before_ = 0;
  return ends_segment(position_, segment);
}

/// Steps over each range, up to its end at least.
void BlockFinder::run_ranges(std::span<const std::uint64_t> cuts) {
  const std::size_t ranges = cuts.size() - 1;
  for (;;) {
    std::array<Track*, kLanes> tracks{};
    bool is_done = true;
    for (std::size_t i = 0; i < ranges; ++i) {
      const bool has_ended = tracks_[i].lane.position >= cuts[i + 1];
      tracks[i] = has_ended ? &dropped_ : &tracks_[i];
      is_done = is_done && has_ended;
    }
    if (is_done) {
      return;
    }
    run_together(std::span(tracks).first(ranges), kRounds);
  }
}

/// One call of the kernel. A lane that has nothing to do runs for nothing, at the front.
void BlockFinder::run_together(std::span<Track* const> tracks, int rounds) {
  std::array<Lane, kLanes> lanes;
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    if (tracks[i] == &dropped_) {
      dropped_.begin(0, 0);
    }
    tracks[i]->make_room();
    lanes[i] = tracks[i]->lane;
  }
  skip_blocks(data_.bytes(), pattern_, std::span(lanes).first(tracks.size()), rounds);
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    tracks[i]->lane = lanes[i];
  }
}

/// Appends the blocks of all ranges, as far as they are wanted, and the place behind them.
bool BlockFinder::append_joined(std::span<const std::uint64_t> cuts, std::size_t blocks_left,
                                std::vector<std::uint32_t>& starts) {
  const auto append = [&](const Track& track, std::size_t from, std::size_t to) {
    to = std::min(to, from + blocks_left);
    const auto first = track.starts.begin();
    starts.insert(starts.end(), first + static_cast<std::ptrdiff_t>(from),
                  first + static_cast<std::ptrdiff_t>(to));
    blocks_left -= to - from;
    return !has_between(track.unsound, from, to);
  };
  Track* track = tracks_.data();
  std::size_t first = 0;
  for (std::size_t i = 1; i + 1 < cuts.size(); ++i) {
    Meeting meeting = find_meeting(*track, first, tracks_[i], cuts[i + 1]);
    if (!meeting.is_found) {
      continue;
    }
    if (!append(*track, first, meeting.block)) {
      return false;
    }
    track = &tracks_[i];
    first = meeting.other_block;
  }
  const std::size_t last = std::min(track->blocks(), first + blocks_left);
  const bool is_sound = append(*track, first, last);
  starts.push_back(track->starts[last]);
  return is_sound;
}

/// Where a track's blocks, from `first` on, meet those of a track that began further behind; the
/// first one runs on as far as `end` to meet it.
BlockFinder::Meeting BlockFinder::find_meeting(Track& track, std::size_t first, const Track& other,
                                               std::uint64_t end) {
  const auto known = track.starts.begin() + static_cast<std::ptrdiff_t>(track.blocks()) + 1;
  const auto from = std::lower_bound(track.starts.begin() + static_cast<std::ptrdiff_t>(first),
                                     known, other.starts[0]);
  auto block = static_cast<std::size_t>(from - track.starts.begin());
  std::size_t other_block = 0;
  for (;;) {
    while (block > track.blocks()) {
      if (track.lane.position >= end) {
        return {};
      }
      Track* const alone = &track;
      run_together({&alone, 1}, kRounds);
    }
    if (other_block > other.blocks()) {
      run_to(track, end);
      return {};
    }
    const std::uint32_t here = track.starts[block];
    const std::uint32_t there = other.starts[other_block];
    if (here == there && is_same_phase(track, block, other, other_block)) {
      return {.is_found = true, .block = block, .other_block = other_block};
    }
    block += here <= there ? 1 : 0;
    other_block += there <= here ? 1 : 0;
  }
}

void BlockFinder::run_to(Track& track, std::uint64_t end) {
  while (track.lane.position < end) {
    Track* const alone = &track;
    run_together({&alone, 1}, kRounds);
  }
}

bool BlockFinder::is_same_phase(const Track& track, std::size_t block, const Track& other,
                                std::size_t other_block) const {
  return (track.first_block_in_mcu + block) % period_ ==
         (other.first_block_in_mcu + other_block) % period_;
}

/// Whole restart intervals side by side, each in the next lane that is free.
bool BlockFinder::find_in_intervals(std::vector<std::uint32_t>& starts) {
  const std::size_t first = segment_;
  std::size_t bytes = 0;
  std::size_t blocks = 0;
  for (; segment_ < data_.segments().size() && bytes < kPartBytes; ++segment_) {
    const EntropySegment& segment = data_.segments()[segment_];
    if (segment.end - segment.begin >= kMinBytesToCut) {
      break;
    }
    bytes += segment.end - segment.begin;
    blocks += blocks_of_segment(segment_);
  }
  const std::size_t before = starts.size();
  starts.resize(before + blocks + 1);
  starts.back() = static_cast<std::uint32_t>(data_.segments()[segment_ - 1].end * kBits);
  return run_intervals(first, rounds_for(bytes / (segment_ - first)),
                       std::span(starts).subspan(before));
}

bool BlockFinder::run_intervals(std::size_t next, int rounds, std::span<std::uint32_t> starts) {
  std::array<std::size_t, kLanes> segments{};
  std::array<Track*, kLanes> tracks{};
  const std::size_t first = next;
  const auto take_next = [&](std::size_t lane) {
    tracks[lane] = &dropped_;
    if (next < segment_) {
      segments[lane] = next;
      tracks[lane] = &tracks_[lane];
      tracks_[lane].begin(data_.segments()[next].begin * kBits, 0);
      ++next;
    }
  };
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    take_next(lane);
  }
  const auto is_dropped = [&](const Track* track) { return track == &dropped_; };
  while (!std::ranges::all_of(tracks, is_dropped)) {
    run_together(tracks, rounds);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      if (is_dropped(tracks[lane])) {
        continue;
      }
      const std::size_t number = segments[lane];
      const EntropySegment& segment = data_.segments()[number];
      const std::size_t blocks = blocks_of_segment(number);
      const Track& track = tracks_[lane];
      if (track.blocks() >= blocks) {
        if (has_between(track.unsound, 0, blocks) || !ends_segment(track.starts[blocks], segment)) {
          return false;
        }
        std::copy_n(track.starts.begin(), blocks,
                    starts.begin() +
                        static_cast<std::ptrdiff_t>((number - first) * blocks_of_segment(first)));
        take_next(lane);
      } else if (track.lane.position > segment.end * kBits) {
        return false;
      }
    }
  }
  return true;
}

}  // namespace thumbjpeg
