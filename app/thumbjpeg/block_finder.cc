#include "thumbjpeg/block_finder.h"

#include <algorithm>
#include <limits>

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

}  // namespace

BlockFinder::BlockFinder(const ScanPlan& plan, const EntropyData& data, const SectionBounds& bounds)
    : plan_(plan), data_(data), bounds_(bounds), pattern_(plan), period_(plan.table_period()) {}

bool BlockFinder::find_more(std::vector<std::uint32_t>& starts) {
  if (!starts.empty()) {
    starts.pop_back();
  }
  if (has_found_all()) {
    return true;
  }
  const EntropySegment segment = current_segment();
  const bool is_last = segment_ + 1 == data_.segments().size();
  if (blocks_before_ == 0 && !is_last && segment.end - segment.begin < kMinBytesToCut) {
    return find_in_intervals(starts);
  }
  if (blocks_before_ == 0) {
    position_ = std::max<std::uint64_t>(segment.begin * kBits, bounds_.begin);
  }
  return find_in_part(blocks_of_segment(segment_) - blocks_before_, starts);
}

std::size_t BlockFinder::blocks_of_segment(std::size_t segment) const {
  const auto interval = static_cast<std::size_t>(plan_.restart_interval);
  const std::size_t before = (bounds_.first_segment + segment) * interval;
  const std::size_t mcus = std::min(interval, plan_.mcus() - before);
  return mcus * static_cast<std::size_t>(plan_.blocks_in_mcu);
}

EntropySegment BlockFinder::current_segment() const {
  EntropySegment segment = data_.segments()[segment_];
  if (bounds_.end_kind == SectionBounds::End::Given) {
    segment.end = static_cast<std::size_t>((bounds_.end + kBits - 1) / kBits);
  }
  return segment;
}

/// A block that begins here or behind this is none of the section's for sure.
std::uint64_t BlockFinder::earliest_end() const {
  switch (bounds_.end_kind) {
    case SectionBounds::End::Counted:
      break;
    case SectionBounds::End::Given:
      return bounds_.end;
    case SectionBounds::End::OfData:
      return data_.segments()[segment_].end * kBits - (kBits - 1);
  }
  return std::numeric_limits<std::uint64_t>::max();
}

/// True when `position` is behind the last code of the segment: only padding to a byte follows.
bool BlockFinder::ends_segment(std::uint64_t position, const EntropySegment& segment) const {
  return position <= segment.end * kBits && position + kBits > segment.end * kBits;
}

bool BlockFinder::find_in_part(std::size_t blocks_left, std::vector<std::uint32_t>& starts) {
  const EntropySegment segment = current_segment();
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
  const bool is_at_end = position_ >= earliest_end();
  if (found < blocks_left && !is_at_end) {
    return !is_last;
  }
  const bool is_right_end = bounds_.end_kind == SectionBounds::End::Given
                                ? position_ == bounds_.end
                                : ends_segment(position_, segment);
  if (is_right_end && is_at_end) {
    append_doubtful(starts);
  }
  ++segment_;
  blocks_before_ = 0;
  return is_right_end;
}

/// Where it is the data that ends: appends the blocks that its last bits could be, which are some
/// only if the scan has so many.
void BlockFinder::append_doubtful(std::vector<std::uint32_t>& starts) {
  if (bounds_.end_kind != SectionBounds::End::OfData) {
    return;
  }
  const auto in_mcu = static_cast<std::uint32_t>(blocks_before_ % pattern_.blocks_in_mcu);
  BlockTrack& track = tracks_[0];
  track.begin(position_, in_mcu);
  track.run_on(data_.bytes(), pattern_);
  const std::uint64_t end = data_.segments()[segment_].end * kBits;
  while (doubtful_blocks_ < track.blocks() && track.starts[doubtful_blocks_ + 1] <= end &&
         track.is_sound(doubtful_blocks_, doubtful_blocks_ + 1)) {
    starts.push_back(track.starts[++doubtful_blocks_]);
  }
}

/// Steps over each range, up to its end at least.
void BlockFinder::run_ranges(std::span<const std::uint64_t> cuts) {
  const std::size_t ranges = cuts.size() - 1;
  for (;;) {
    std::array<BlockTrack*, kLanes> tracks{};
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
void BlockFinder::run_together(std::span<BlockTrack* const> tracks, int rounds) {
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
  const std::uint64_t end = earliest_end();
  const auto append = [&](const BlockTrack& track, std::size_t from, std::size_t to) {
    to = std::min({to, from + blocks_left, track.blocks_before(end)});
    const auto first = track.starts.begin();
    starts.insert(starts.end(), first + static_cast<std::ptrdiff_t>(from),
                  first + static_cast<std::ptrdiff_t>(to));
    blocks_left -= to - from;
    return track.is_sound(from, to);
  };
  BlockTrack* track = tracks_.data();
  std::size_t first = 0;
  for (std::size_t i = 1; i + 1 < cuts.size(); ++i) {
    Meeting meeting = find_meeting(*track, first, tracks_[i], cuts[i + 1]);
    if (!meeting.is_found || meeting.block >= track->blocks_before(end)) {
      continue;
    }
    if (!append(*track, first, meeting.block)) {
      return false;
    }
    track = &tracks_[i];
    first = meeting.other_block;
  }
  const std::size_t last =
      std::min({track->blocks(), first + blocks_left, track->blocks_before(end)});
  const bool is_sound = append(*track, first, last);
  starts.push_back(track->starts[last]);
  return is_sound;
}

/// Where a track's blocks, from `first` on, meet those of a track that began further behind; the
/// first one runs on as far as `end` to meet it.
BlockFinder::Meeting BlockFinder::find_meeting(BlockTrack& track, std::size_t first,
                                               const BlockTrack& other, std::uint64_t end) {
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
      track.run_on(data_.bytes(), pattern_);
    }
    if (other_block > other.blocks()) {
      track.run_to(end, data_.bytes(), pattern_);
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

bool BlockFinder::is_same_phase(const BlockTrack& track, std::size_t block, const BlockTrack& other,
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
  std::array<BlockTrack*, kLanes> tracks{};
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
  const auto is_dropped = [&](const BlockTrack* track) { return track == &dropped_; };
  while (!std::ranges::all_of(tracks, is_dropped)) {
    run_together(tracks, rounds);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      if (is_dropped(tracks[lane])) {
        continue;
      }
      const std::size_t number = segments[lane];
      const EntropySegment& segment = data_.segments()[number];
      const std::size_t blocks = blocks_of_segment(number);
      const BlockTrack& track = tracks_[lane];
      if (track.blocks() >= blocks) {
        if (!track.is_sound(0, blocks) || !ends_segment(track.starts[blocks], segment)) {
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
