#include "thumbjpeg/progressive.h"

#include <algorithm>

#include "thumbjpeg/bit_window.h"
#include "thumbjpeg/coefficient_row.h"

namespace thumbjpeg {

namespace {

constexpr std::int8_t kUnknown = -1;
constexpr int kMaxLowBit = 13;  // T.81, table B.3.

std::size_t padded(std::size_t blocks) {
  constexpr std::size_t kPadding = CoefficientRow::kLinePadding;
  return (blocks + kPadding - 1) / kPadding * kPadding;
}

}  // namespace

ProgressiveMeans::ProgressiveMeans(MarkerReader& reader, Workspace& workspace)
    : reader_(reader), workspace_(workspace) {
  const Frame& frame = reader.frame();
  for (const Component& component : frame.components) {
    MeanPlane plane;
    plane.blocks_wide = static_cast<std::size_t>(frame.mcus_wide * component.horizontal);
    plane.blocks_high = static_cast<std::size_t>(frame.mcus_high * component.vertical);
    plane.stride = padded(plane.blocks_wide);
    plane.means.resize(plane.stride * plane.blocks_high);
    planes_.push_back(std::move(plane));
  }
  for (auto& coefficients : known_) {
    coefficients.fill(kUnknown);
  }
}

bool ProgressiveMeans::decode() {
  auto stop = MarkerReader::Stop::Scan;
  for (; stop == MarkerReader::Stop::Scan; stop = reader_.next()) {
    const ScanHeader& scan = reader_.scan();
    if (!is_progress(scan)) {
      return false;
    }
    if (scan.spectral_start > 0) {
      reader_.skip(length_of_scan(reader_.rest()));
    } else if (!decode_scan()) {
      return false;
    }
  }
  const auto is_complete = [](const auto& coefficients) {
    return std::ranges::count(coefficients, 0) == kBlockArea;
  };
  return stop == MarkerReader::Stop::End &&
         std::all_of(known_.begin(), known_.begin() + static_cast<std::ptrdiff_t>(planes_.size()),
                     is_complete);
}

/// True when the scan adds bits to those that are known, as T.81, G.1.1.1 has it.
bool ProgressiveMeans::is_progress(const ScanHeader& scan) {
  const bool is_of_means = scan.spectral_start == 0;
  const bool is_refinement = scan.approximation_high != 0;
  if (scan.spectral_end < scan.spectral_start || scan.spectral_end >= kBlockArea ||
      (is_of_means && scan.spectral_end != 0) || (!is_of_means && scan.components.size() != 1) ||
      scan.approximation_low > kMaxLowBit ||
      (is_refinement && scan.approximation_high != scan.approximation_low + 1)) {
    return false;
  }
  for (const ScanComponent& part : scan.components) {
    auto& known = known_[static_cast<std::size_t>(part.index)];
    if (!is_of_means && (known[0] == kUnknown || !reader_.ac_table(part.ac_table).is_defined)) {
      return false;
    }
    for (int i = scan.spectral_start; i <= scan.spectral_end; ++i) {
      std::int8_t& low = known[static_cast<std::size_t>(i)];
      if (is_refinement ? low != scan.approximation_high : low != kUnknown) {
        return false;
      }
      low = static_cast<std::int8_t>(scan.approximation_low);
    }
  }
  return true;
}

bool ProgressiveMeans::decode_scan() {
  ScanPlan plan = plan_scan(reader_);
  const bool is_refinement = reader_.scan().approximation_high != 0;
  for (std::size_t i = 0; i < plan.components.size(); ++i) {
    const auto index = static_cast<std::size_t>(plan.components[i].index);
    const Quantizer& quantizer = reader_.quantizer(reader_.frame().components[index].quantizer);
    const HuffmanSpec& table = reader_.dc_table(reader_.scan().components[i].dc_table);
    if (is_refinement) {
      continue;
    }
    if (!table.is_defined || !quantizer.is_defined) {
      return false;
    }
    planes_[index].quantizer = quantizer;
    plan.components[i].tables = workspace_.tables.find(table, HuffmanSpec{});
  }
  if (!workspace_.data.read(reader_.rest(), plan.segments())) {
    return false;
  }
  for (std::size_t segment = 0; segment < plan.segments(); ++segment) {
    if (!decode_segment(plan, segment)) {
      return false;
    }
  }
  reader_.skip(workspace_.data.bytes_in_file());
  return true;
}

bool ProgressiveMeans::decode_segment(const ScanPlan& plan, std::size_t segment) {
  constexpr std::size_t kBits = 8;
  const std::uint64_t end = workspace_.data.segments()[segment].end * kBits;
  position_ = workspace_.data.segments()[segment].begin * kBits;
  const auto interval = static_cast<std::size_t>(plan.restart_interval);
  const std::size_t first = segment * interval;
  const std::size_t last = std::min(first + interval, plan.mcus());
  std::array<std::int32_t, kMaxComponents> sums{};
  for (std::size_t mcu = first; mcu < last; ++mcu) {
    const std::size_t mcu_x = mcu % static_cast<std::size_t>(plan.mcus_wide);
    const std::size_t mcu_y = mcu / static_cast<std::size_t>(plan.mcus_wide);
    for (std::size_t c = 0; c < plan.components.size(); ++c) {
      const PlannedComponent& component = plan.components[c];
      const auto wide = static_cast<std::size_t>(component.horizontal);
      const auto high = static_cast<std::size_t>(component.vertical);
      MeanPlane& plane = planes_[static_cast<std::size_t>(component.index)];
      for (std::size_t block = 0; block < wide * high; ++block) {
        std::int16_t* const row = plane.row(mcu_y * high + block / wide);
        if (!decode_block(component, row[mcu_x * wide + block % wide], sums[c])) {
          return false;
        }
      }
    }
    // Within what may be read behind the data, as an MCU takes some 40 bytes at most.
    if (position_ > end) {
      return false;
    }
  }
  return position_ + kBits > end;
}

bool ProgressiveMeans::decode_block(const PlannedComponent& component, std::int16_t& mean,
                                    std::int32_t& sum) {
  const int low = reader_.scan().approximation_low;
  const std::uint64_t window = bit_window(workspace_.data.bytes(), position_);
  if (reader_.scan().approximation_high != 0) {
    mean = static_cast<std::int16_t>(mean | static_cast<int>(window >> 63) << low);
    ++position_;
    return true;
  }
  const CodedMean coded = component.tables->find_mean(window);
  position_ += static_cast<std::uint64_t>(coded.bits);
  sum += coded.difference;
  const std::int32_t shifted = sum * (1 << low);
  mean = static_cast<std::int16_t>(shifted);
  return coded.bits != 0 && mean == shifted;
}

}  // namespace thumbjpeg
