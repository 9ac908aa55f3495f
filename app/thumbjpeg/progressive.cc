#include "thumbjpeg/progressive.h"

#include <algorithm>

#include "thumbjpeg/ac_scan.h"
#include "thumbjpeg/bit_window.h"
#include "thumbjpeg/zigzag.h"

namespace thumbjpeg {

namespace {

constexpr std::size_t kBits = 8;
constexpr std::int8_t kUnknown = -1;
constexpr int kMaxLowBit = 13;  // T.81, table B.3.

// What a few bytes can ask for is limited here; of more, libjpeg shows as much as its limits allow.
// Real files have 3 to 14 scans. A photo of 200 megapixels at 4/8 takes 190 MiB, and 10 scans of it
// visit 50 million blocks.
constexpr std::size_t kMaxScans = 100;
constexpr std::size_t kMaxPlaneBytes = std::size_t{256} << 20;
constexpr std::size_t kMaxBlockVisits = 100'000'000;

std::uint64_t band_of(const ScanHeader& scan) {
  return ~std::uint64_t{0} << scan.spectral_start & ~std::uint64_t{0} >> (63 - scan.spectral_end);
}

}  // namespace

ProgressiveDecoder::ProgressiveDecoder(MarkerReader& reader, Workspace& workspace, int side)
    : reader_(reader), workspace_(workspace), side_(side) {
  for (auto& coefficients : known_) {
    coefficients.fill(kUnknown);
  }
}

bool ProgressiveDecoder::decode() {
  if (!look_at_scans(reader_)) {
    return false;
  }
  choose_scans();
  if (!is_affordable()) {
    return false;
  }
  for (const Component& component : reader_.frame().components) {
    planes_.emplace_back(reader_.frame(), component, side_);
  }
  for (const bool is_wanted : is_wanted_) {
    if (!is_wanted) {
      reader_.skip(length_of_scan(reader_.rest()));
    } else if (!decode_scan()) {
      return false;
    }
    reader_.next();
  }
  return true;
}

/// Reads the headers of all scans; false when they are irregular or do not give the whole image.
bool ProgressiveDecoder::look_at_scans(MarkerReader reader) {
  auto stop = MarkerReader::Stop::Scan;
  for (; stop == MarkerReader::Stop::Scan; stop = reader.next()) {
    if (scans_.size() == kMaxScans || !is_progress(reader)) {
      return false;
    }
    scans_.push_back(reader.scan());
    reader.skip(length_of_scan(reader.rest()));
  }
  const auto is_complete = [](const auto& coefficients) {
    return std::ranges::count(coefficients, 0) == kBlockArea;
  };
  const auto components = static_cast<std::ptrdiff_t>(reader.frame().components.size());
  return stop == MarkerReader::Stop::End &&
         std::all_of(known_.begin(), known_.begin() + components, is_complete);
}

/// A scan is wanted for what it says of kept coefficients; one more bit of a coefficient can only
/// be read by who knows which ones of its scan were zero before.
void ProgressiveDecoder::choose_scans() {
  Coefficients kept = 0;
  for (std::size_t k = 0; k < kZigzag.size(); ++k) {
    if (kZigzag[k].row < side_ && kZigzag[k].column < side_) {
      kept |= Coefficients{1} << k;
    }
  }
  std::array<Coefficients, kMaxComponents> wanted{};
  wanted.fill(kept);
  is_wanted_.resize(scans_.size());
  for (std::size_t i = scans_.size(); i-- > 0;) {
    const ScanHeader& scan = scans_[i];
    const Coefficients band = band_of(scan);
    for (const ScanComponent& part : scan.components) {
      Coefficients& of_component = wanted[static_cast<std::size_t>(part.index)];
      if ((of_component & band) != 0) {
        is_wanted_[i] = true;
        of_component |= band;
      }
    }
  }
}

/// Whether memory and time are within limits, whatever the header claims.
bool ProgressiveDecoder::is_affordable() const {
  const Frame& frame = reader_.frame();
  std::size_t blocks = 0;
  for (const Component& component : frame.components) {
    blocks += static_cast<std::size_t>(frame.mcus_wide * component.horizontal) *
              static_cast<std::size_t>(frame.mcus_high * component.vertical);
  }
  const auto scans = static_cast<std::size_t>(std::ranges::count(is_wanted_, true));
  return blocks <= kMaxPlaneBytes / CoefficientPlane::bytes_per_block(side_) &&
         blocks * scans <= kMaxBlockVisits;
}

/// True when the scan adds bits to those that are known, as T.81, G.1.1.1 has it.
bool ProgressiveDecoder::is_progress(const MarkerReader& reader) {
  const ScanHeader& scan = reader.scan();
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
    if (!is_of_means && (known[0] == kUnknown || !reader.ac_table(part.ac_table).is_defined)) {
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

bool ProgressiveDecoder::decode_scan() {
  const bool is_of_means = reader_.scan().spectral_start == 0;
  if (!(is_of_means ? decode_means() : decode_others())) {
    return false;
  }
  reader_.skip(workspace_.data.bytes_in_file());
  return true;
}

bool ProgressiveDecoder::decode_others() {
  const ScanComponent& part = reader_.scan().components.front();
  const ScanPlan plan = plan_scan(reader_);
  const EntropyData& data = workspace_.data;
  if (!workspace_.data.read(reader_.rest(), plan.segments())) {
    return false;
  }
  const AcScan scan(reader_.scan(), reader_.ac_table(part.ac_table), side_);
  const auto interval = static_cast<std::size_t>(plan.restart_interval);
  for (std::size_t i = 0; i < plan.segments(); ++i) {
    const AcSegment segment{.begin_block = i * interval,
                            .end_block = std::min((i + 1) * interval, plan.blocks()),
                            .blocks_wide = static_cast<std::size_t>(plan.mcus_wide),
                            .begin = data.segments()[i].begin * kBits,
                            .end = data.segments()[i].end * kBits};
    if (!decode_ac_segment(scan, data.bytes(), segment,
                           planes_[static_cast<std::size_t>(part.index)])) {
      return false;
    }
  }
  return true;
}

bool ProgressiveDecoder::decode_means() {
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
  return true;
}

bool ProgressiveDecoder::decode_segment(const ScanPlan& plan, std::size_t segment) {
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
      CoefficientPlane& plane = planes_[static_cast<std::size_t>(component.index)];
      for (std::size_t block = 0; block < wide * high; ++block) {
        std::int16_t* const row = plane.lines(mcu_y * high + block / wide);
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

bool ProgressiveDecoder::decode_block(const PlannedComponent& component, std::int16_t& mean,
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
