#include "thumbjpeg/scan_decoder.h"

#include <algorithm>

namespace thumbjpeg {

ScanDecoder::ScanDecoder(const ScanPlan& plan, const EntropyData& data, int side,
                         const SectionBounds& bounds)
    : plan_(plan),
      data_(data),
      finder_(plan, data, bounds),
      row_(plan, side),
      slots_(side, row_.stride()) {
  find_targets();
}

void ScanDecoder::find_targets() {
  for (int mcu = 0; mcu < plan_.mcus_wide; ++mcu) {
    for (std::size_t c = 0; c < plan_.components.size(); ++c) {
      const PlannedComponent& component = plan_.components[c];
      for (int y = 0; y < component.vertical; ++y) {
        std::int16_t* const first = row_.lines(c, y) + std::ptrdiff_t{mcu} * component.horizontal;
        for (int x = 0; x < component.horizontal; ++x) {
          targets_.push_back({component.tables.get(), first + x});
        }
      }
    }
  }
  targets_.push_back({targets_.front().coder, row_.spare()});
}

bool ScanDecoder::next_row() {
  const std::size_t blocks = targets_.size() - 1;
  if (starts_.size() < used_starts_ + blocks + 1) {
    starts_.erase(starts_.begin(), starts_.begin() + static_cast<std::ptrdiff_t>(used_starts_));
    used_starts_ = 0;
  }
  while (starts_.size() < used_starts_ + blocks + 1 && !finder_.has_found_all()) {
    if (!finder_.find_more(starts_)) {
      return false;
    }
  }
  const auto in_mcu = static_cast<std::size_t>(plan_.blocks_in_mcu);
  row_mcus_ = static_cast<int>(std::min(blocks, blocks_ahead()) / in_mcu);
  if (row_.side() > 1) {  // Each block has a mean, but not each of the others.
    row_.clear();
  }
  const std::size_t known_starts = starts_.size();
  // Of a row that is not full, what is behind it is read as well, and means nothing.
  starts_.resize(std::max(known_starts, used_starts_ + blocks + 1), starts_.back());
  read_values(data_.bytes(), std::span(starts_).subspan(used_starts_, blocks + 1), targets_,
              slots_);
  starts_.resize(known_starts);
  used_starts_ += static_cast<std::size_t>(row_mcus_) * in_mcu;
  const bool is_sound = sum_up_means();
  mcus_before_ += static_cast<std::size_t>(row_mcus_);
  return is_sound;
}

/// Turns the differences of the means into means; false when one does not fit.
bool ScanDecoder::sum_up_means() {
  const auto interval = static_cast<std::size_t>(plan_.restart_interval);
  bool is_sound = true;
  for (int mcu = 0; mcu < row_mcus_;) {
    const std::size_t begun = (mcus_before_ + static_cast<std::size_t>(mcu)) % interval;
    if (begun == 0) {
      means_ = {};
    }
    const auto left = static_cast<std::size_t>(row_mcus_ - mcu);
    const int end = mcu + static_cast<int>(std::min(left, interval - begun));
    for (std::size_t c = 0; c < plan_.components.size(); ++c) {
      is_sound = sum_up_means(c, mcu, end) && is_sound;
    }
    mcu = end;
  }
  return is_sound;
}

bool ScanDecoder::sum_up_means(std::size_t component, int first_mcu, int end_mcu) {
  constexpr std::uint32_t kOffset = 0x8000;  // Brings what fits into 16 bits, and nothing else.
  const auto& [index, horizontal, vertical, tables] = plan_.components[component];
  std::int16_t* const first = row_.lines(component, 0);
  const std::ptrdiff_t next_line = row_.lines(component, vertical - 1) - first;
  const std::ptrdiff_t line_stride = vertical > 1 ? next_line / (vertical - 1) : 0;
  std::int32_t mean = means_[component];
  std::uint32_t all_bits = 0;
  for (int mcu = first_mcu; mcu < end_mcu; ++mcu) {
    std::int16_t* blocks = first + std::ptrdiff_t{mcu} * horizontal;
    for (int y = 0; y < vertical; ++y, blocks += line_stride) {
      for (int x = 0; x < horizontal; ++x) {
        mean += blocks[x];
        blocks[x] = static_cast<std::int16_t>(mean);
        all_bits |= static_cast<std::uint32_t>(mean) + kOffset;
      }
    }
  }
  means_[component] = mean;
  return all_bits <= 0xFFFF;
}

}  // namespace thumbjpeg
