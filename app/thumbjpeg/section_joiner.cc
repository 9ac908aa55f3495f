#include "thumbjpeg/section_joiner.h"

#include <algorithm>

#include "thumbjpeg/entropy_data.h"

namespace thumbjpeg {

std::size_t SectionJoiner::entries_of_mcu() const {
  return static_cast<std::size_t>(plan_.blocks_in_mcu * side_ * side_);
}

bool SectionJoiner::is_possible(const Section& section) const {
  return section.eighths == side_ && section.mcus >= 0 && section.doubtful_mcus >= 0 &&
         section.doubtful_mcus <= section.mcus &&
         std::ranges::all_of(
             section.means,
             [](std::int32_t mean) { return mean == static_cast<std::int16_t>(mean); }) &&
         section.coefficients.size() == static_cast<std::size_t>(section.mcus) * entries_of_mcu();
}

/// Whether a section may begin with an MCU.
bool SectionJoiner::continues(const Section& section, std::size_t mcu) const {
  if (plan_.segments() == 1 || mcu == 0) {
    return section.restart_number == -1;
  }
  const auto interval = static_cast<std::size_t>(plan_.restart_interval);
  const std::size_t number = mcu / interval - 1;
  return mcu % interval == 0 &&
         section.restart_number == static_cast<int>(number % kRestartNumbers);
}

bool SectionJoiner::place() {
  std::size_t mcu = 0;
  Means means{};
  for (const Section& section : sections_) {
    if (!is_possible(section) || !continues(section, mcu)) {
      return false;
    }
    const auto mcus = static_cast<std::size_t>(section.mcus);
    placed_.push_back({&section, mcu, mcu + mcus, means});
    if (section.ends_picture) {
      const auto doubtful = static_cast<std::size_t>(section.doubtful_mcus);
      return mcu + mcus >= plan_.mcus() && mcu + mcus - doubtful <= plan_.mcus();
    }
    mcu += mcus;
    for (std::size_t c = 0; c < means.size() && plan_.segments() == 1; ++c) {
      means[c] += section.means[c];
    }
  }
  return false;
}

bool SectionJoiner::next_row() {
  const std::size_t end = mcus_before_ + static_cast<std::size_t>(plan_.mcus_wide);
  bool is_sound = true;
  for (const Placed& placed : placed_) {
    const auto wide = static_cast<std::size_t>(plan_.mcus_wide);
    std::size_t mcu = std::max(mcus_before_, placed.first_mcu);
    const std::size_t last = std::min(end, placed.end_mcu);
    while (mcu < last) {
      const std::size_t left_in_row = wide - (mcu - placed.first_mcu) % wide;
      const std::size_t count = std::min(last - mcu, left_in_row);
      is_sound = copy({&placed, mcu, count}) && is_sound;
      mcu += count;
    }
  }
  mcus_before_ = end;
  return is_sound;
}

bool SectionJoiner::copy(const Piece& piece) {
  const auto wide = static_cast<std::size_t>(plan_.mcus_wide);
  const Placed& placed = *piece.placed;
  const std::size_t begin_in_section = piece.mcu - placed.first_mcu;
  const std::size_t first_of_row = begin_in_section / wide * wide;
  const std::size_t mcus_of_row = std::min(wide, placed.end_mcu - placed.first_mcu - first_of_row);
  const std::int16_t* line = placed.section->coefficients.data() + first_of_row * entries_of_mcu();
  bool is_sound = true;
  for (std::size_t c = 0; c < plan_.components.size(); ++c) {
    const auto in_mcu = static_cast<std::size_t>(plan_.components[c].horizontal);
    const std::size_t from = (begin_in_section - first_of_row) * in_mcu;
    const std::size_t to = (piece.mcu - mcus_before_) * in_mcu;
    for (int v = 0; v < plan_.components[c].vertical; ++v) {
      std::int16_t* out = row_.lines(c, v) + to;
      const std::size_t count = piece.count * in_mcu;
      is_sound = copy_means(line + from, count, placed.means_before[c], out) && is_sound;
      line += mcus_of_row * in_mcu;
      for (int i = 1; i < side_ * side_; ++i, line += mcus_of_row * in_mcu) {
        out += row_.stride();
        std::copy_n(line + from, count, out);
      }
    }
  }
  return is_sound;
}

bool SectionJoiner::copy_means(const std::int16_t* from, std::size_t count, std::int32_t before,
                               std::int16_t* to) const {
  constexpr std::uint32_t kOffset = 0x8000;  // Brings what fits into 16 bits, and nothing else.
  std::uint32_t all_bits = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto mean = static_cast<std::uint32_t>(from[i]) + static_cast<std::uint32_t>(before);
    to[i] = static_cast<std::int16_t>(mean);
    all_bits |= mean + kOffset;
  }
  return all_bits <= 0xFFFF;
}

}  // namespace thumbjpeg
