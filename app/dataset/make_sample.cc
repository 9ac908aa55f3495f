#include "dataset/make_sample.h"

#include <new>
#include <span>
#include <utility>

#include "files/read_file.h"
#include "imaging/encoding.h"

namespace bulkhead::dataset {
namespace {

using Bytes = std::vector<std::byte>;

// ITU-R BT.601, in the whole numbers that Pillow takes for it.
std::byte luma_of(std::span<const std::byte> rgb) {
  constexpr std::uint32_t kRed = 19595;
  constexpr std::uint32_t kGreen = 38470;
  constexpr std::uint32_t kBlue = 7471;
  constexpr std::uint32_t kHalf = 0x8000;
  const auto value = std::to_integer<std::uint32_t>(rgb[0]) * kRed +
                     std::to_integer<std::uint32_t>(rgb[1]) * kGreen +
                     std::to_integer<std::uint32_t>(rgb[2]) * kBlue + kHalf;
  return static_cast<std::byte>(value >> 16U);
}

// `values` has one or three channels, as the picture is grey or not.
Bytes in_channels(Bytes values, std::size_t pixels, Channels channels) {
  constexpr std::size_t kRgb = 3;
  const bool is_grey = values.size() == pixels;
  if (is_grey == (channels == Channels::Grey)) {
    return values;
  }
  Bytes changed;
  changed.reserve(pixels * (is_grey ? kRgb : 1));
  for (std::size_t i = 0; i < pixels; ++i) {
    if (is_grey) {
      changed.insert(changed.end(), kRgb, values[i]);
    } else {
      changed.push_back(luma_of(std::span(values).subspan(kRgb * i, kRgb)));
    }
  }
  return changed;
}

void write_file(const SampleRules& rules, const Bytes& original, Sample& sample) {
  if (rules.keeps_original) {
    sample.file = original;
    return;
  }
  auto file = imaging::encode(sample.values, sample.size, rules.encoding);
  if (!file) {
    sample.error = std::move(file.error().message);
    return;
  }
  sample.file = *std::move(file);
}

void make_of(const SampleRules& rules, const Bytes& original, Sample& sample) {
  imaging::ThumbnailOptions options = rules.picture;
  options.encoding.format = imaging::OutputFormat::Samples;
  auto made = imaging::make_thumbnails(original, options);
  if (!made) {
    sample.error = std::move(made.error().message);
    return;
  }
  if (!made->damage.empty() && rules.broken == BrokenPictures::Reject) {
    sample.error = "damaged: " + made->damage;
    return;
  }
  sample.damage = std::move(made->damage);
  auto& [values, size] = made->made.front();
  sample.size = size;
  sample.values = in_channels(std::move(values), imaging::area(size), rules.channels);
  sample.sums.add(sample.values, rules.channels == Channels::Grey ? 1 : 3);
  if (rules.wants_files) {
    write_file(rules, original, sample);
  }
  if (!rules.wants_values) {
    sample.values.clear();
  }
}

}  // namespace

bool is_sample_of(const SampleRules& rules, const Sample& sample) {
  const imaging::SizeRule& rule = rules.picture.sizes.front();
  const std::uint64_t channels = rules.channels == Channels::Grey ? 1 : 3;
  const bool has_size =
      rule.fit == imaging::Fit::Inside
          ? sample.size.width >= 1 && sample.size.height >= 1 && covers(rule.box, sample.size)
          : sample.size == rule.box;
  const std::uint64_t values = rules.wants_values ? area(sample.size) * channels : 0;
  return has_size && sample.values.size() == values && sample.file.empty() != rules.wants_files &&
         sample.sums.pixels == area(sample.size);
}

Sample make_sample(const SampleRules& rules, const std::string& path) {
  Sample sample;
  try {
    const auto file = files::read_file(path);
    if (!file) {
      sample.error = file.error().reason;
      return sample;
    }
    make_of(rules, *file, sample);
  } catch (const std::bad_alloc&) {
    sample.error = "out of memory";
  }
  return sample;
}

}  // namespace bulkhead::dataset
