#include "imaging/profile.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <utility>

#include <lcms2.h>

#include "imaging/matrix_profile.h"

namespace bulkhead::imaging {

namespace {

struct CloseProfile {
  void operator()(void* profile) const { cmsCloseProfile(profile); }
};
struct DeleteTransform {
  void operator()(void* transform) const { cmsDeleteTransform(transform); }
};

using Profile = std::unique_ptr<void, CloseProfile>;
using Transform = std::unique_ptr<void, DeleteTransform>;

cmsUInt32Number format_of(int channels) {
  return channels == 1 ? TYPE_GRAY_16 : channels == 3 ? TYPE_RGB_16 : TYPE_CMYK_16;
}

/// sRGB, or a grey with the tone curve of sRGB.
Profile standard_profile(int channels) {
  if (channels > 1) {
    return Profile(cmsCreate_sRGBProfile());
  }
  // IEC 61966-2-1
  const std::array<cmsFloat64Number, 5> curve = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
  cmsToneCurve* const tone = cmsBuildParametricToneCurve(nullptr, 4, curve.data());
  Profile grey(cmsCreateGrayProfile(cmsD50_xyY(), tone));
  cmsFreeToneCurve(tone);
  return grey;
}

Profile opened(std::span<const std::byte> bytes) {
  return Profile(cmsOpenProfileFromMem(bytes.data(), static_cast<cmsUInt32Number>(bytes.size())));
}

/// Of the colours that a profile speaks of; 0 for none that pictures here have.
int channels_of(const Profile& profile) {
  switch (cmsGetColorSpace(profile.get())) {
    case cmsSigGrayData:
      return 1;
    case cmsSigRgbData:
      return 3;
    case cmsSigCmykData:
      return 4;
    default:
      return 0;
  }
}

/// The two ends of a transform.
struct Ends {
  std::span<const std::byte> from;  ///< Empty: sRGB, or grey like it.
  int channels = 3;                 ///< On that side.
  std::span<const std::byte> to;    ///< Likewise.
};

/// Colours of one end into those of the other, in one of two ways.
struct BuiltTransform {
  std::optional<MatrixTransform> matrix;
  Transform table;
  int channels_out = 3;

  explicit operator bool() const { return matrix.has_value() || table != nullptr; }

  void apply(std::span<const std::uint16_t> in, std::span<std::uint16_t> out) const {
    if (matrix) {
      return matrix->apply(in, out);
    }
    cmsDoTransform(table.get(), in.data(), out.data(),
                   static_cast<cmsUInt32Number>(out.size() / static_cast<unsigned>(channels_out)));
  }
};

BuiltTransform build_table(const Ends& ends, cmsUInt32Number flags) {
  const Profile from = ends.from.empty() ? standard_profile(ends.channels) : opened(ends.from);
  const Profile to =
      ends.to.empty() ? standard_profile(ends.channels == 1 ? 1 : 3) : opened(ends.to);
  if (!from || !to) {
    return {};
  }
  const int channels_out = channels_of(to);
  return {.matrix = {},
          .table = Transform(cmsCreateTransform(from.get(), format_of(ends.channels), to.get(),
                                                format_of(channels_out), INTENT_PERCEPTUAL,
                                                cmsFLAGS_NOCACHE | flags)),
          .channels_out = channels_out};
}

BuiltTransform build_matrix(const Ends& ends) {
  if (ends.from.empty() || !ends.to.empty() || ends.channels != 3) {
    return {};
  }
  const Profile from = opened(ends.from);
  return {.matrix = from ? MatrixTransform::to_srgb(from.get()) : std::nullopt, .table = {}};
}

/// Whether a transform leaves a grid of colours as they are, to two steps of 8 bits.
bool is_identity(const BuiltTransform& transform, int channels) {
  constexpr int kSteps = 6;
  constexpr int kStep = 65535 / (kSteps - 1);
  constexpr int kTolerance = 2 * 257;
  const int colours = channels == 1 ? kSteps : kSteps * kSteps * kSteps;
  for (int i = 0; i < colours; ++i) {
    const std::array<std::uint16_t, 3> colour = {
        static_cast<std::uint16_t>(i % kSteps * kStep),
        static_cast<std::uint16_t>(i / kSteps % kSteps * kStep),
        static_cast<std::uint16_t>(i / kSteps / kSteps * kStep)};
    std::array<std::uint16_t, 3> result = colour;
    const auto used = static_cast<std::size_t>(channels);
    transform.apply(std::span(colour).first(used), std::span(result).first(used));
    for (std::size_t c = 0; c < colour.size(); ++c) {
      if (std::abs(colour[c] - result[c]) > kTolerance) {
        return false;
      }
    }
  }
  return true;
}

/// What is known of a profile and a target.
struct KnownTransform {
  ProfileState state = ProfileState::Absent;
  /// Null when there is no difference to be made.
  BuiltTransform built = {};
};

/// Nothing when the ends do not fit together. That there is no difference is found out by a
/// transform that was not optimised: lcms optimises by computing 36,000 colours, and most profiles
/// are sRGB's.
std::optional<BuiltTransform> transform_that_matters(const Ends& ends) {
  BuiltTransform built = build_matrix(ends);
  if (ends.channels != 4) {
    const BuiltTransform plain = built ? BuiltTransform{} : build_table(ends, cmsFLAGS_NOOPTIMIZE);
    const BuiltTransform& tried = built ? built : plain;
    if (!tried) {
      return std::nullopt;
    }
    if (tried.channels_out == ends.channels && is_identity(tried, ends.channels)) {
      return BuiltTransform{};
    }
  }
  if (!built) {
    built = build_table(ends, 0);
  }
  return built ? std::optional(std::move(built)) : std::nullopt;
}

/// Of a profile that can be read; whether its tables are sound turns out when they are used.
ProfileState state_of(std::span<const std::byte> profile, int channels) {
  if (profile.empty()) {
    return ProfileState::Absent;
  }
  const Profile from = opened(profile);
  if (!from) {
    return ProfileState::Broken;
  }
  return channels_of(from) == channels ? ProfileState::Usable : ProfileState::OtherChannels;
}

KnownTransform look_up(const ColourSpace& space) {
  const int channels = colour_channels(space.model);
  KnownTransform known{.state = state_of(space.profile, channels)};
  if (known.state == ProfileState::Usable) {
    if (auto built = transform_that_matters({space.profile, channels, space.target})) {
      known.built = *std::move(built);
      return known;
    }
    known.state = ProfileState::Broken;
  }
  if (!space.target.empty()) {
    known.built = transform_that_matters({{}, channels == 1 ? 1 : 3, space.target})
                      .value_or(BuiltTransform{});
  }
  return known;
}

/// The transforms of the profiles last used, the latest first.
class TransformCache {
 public:
  const KnownTransform& find(const ColourSpace& space) {
    const int channels = colour_channels(space.model);
    auto entry = std::ranges::find_if(entries_, [&](const Entry& known) {
      return known.channels == channels && std::ranges::equal(known.profile, space.profile) &&
             std::ranges::equal(known.target, space.target);
    });
    if (entry == entries_.end()) {
      constexpr std::size_t kMaxEntries = 8;
      if (entries_.size() == kMaxEntries) {
        entries_.pop_back();
      }
      entries_.push_back({{space.profile.begin(), space.profile.end()},
                          {space.target.begin(), space.target.end()},
                          channels,
                          look_up(space)});
      entry = entries_.end() - 1;
    }
    std::rotate(entries_.begin(), entry, entry + 1);
    return entries_.front().known;
  }

 private:
  struct Entry {
    std::vector<std::byte> profile;
    std::vector<std::byte> target;
    int channels;
    KnownTransform known;
  };

  std::vector<Entry> entries_;
};

const KnownTransform& known_of(const ColourSpace& space) {
  static const KnownTransform kNothing;
  thread_local TransformCache cache;
  return space.profile.empty() && space.target.empty() ? kNothing : cache.find(space);
}

/// Planes of the channels that the profile speaks of: YCC is undone, and ink is as much as it is.
std::vector<WidePlane> channels_for_profile(std::vector<WidePlane> planes, ColourModel model) {
  switch (model) {
    case ColourModel::Grey:
    case ColourModel::Rgb:
    case ColourModel::Cmyk:
      return planes;
    case ColourModel::YCbCr:
      return to_rgb(std::move(planes), model);
    case ColourModel::InvertedCmyk:
    case ColourModel::InvertedYcck:
      return to_ink(std::move(planes), model);
  }
  return planes;
}

}  // namespace

ProfileState state_of_profile(const ColourSpace& space) {
  return known_of(space).state;
}

bool changes_colours(const ColourSpace& space) {
  return static_cast<bool>(known_of(space).built);
}

std::vector<WidePlane> in_target_colours(std::vector<WidePlane> planes, const ColourSpace& space) {
  const KnownTransform& known = known_of(space);
  planes = known.state == ProfileState::Usable && known.built
               ? channels_for_profile(std::move(planes), space.model)
               : to_rgb(std::move(planes), space.model);
  if (!known.built) {
    return planes;
  }
  const std::size_t channels_in = planes.size();
  const auto channels_out = static_cast<std::size_t>(known.built.channels_out);
  const Extent extent = planes.front().extent();
  const auto width = static_cast<std::size_t>(extent.width);
  planes.resize(std::max(channels_in, channels_out), WidePlane(extent));
  std::vector<std::uint16_t> in(width * channels_in);
  std::vector<std::uint16_t> out(width * channels_out);
  for (int y = 0; y < extent.height; ++y) {
    for (std::size_t i = 0; i < in.size(); ++i) {
      in[i] = planes[i % channels_in].row(y)[i / channels_in];
    }
    known.built.apply(in, out);
    for (std::size_t i = 0; i < out.size(); ++i) {
      planes[i % channels_out].row(y)[i / channels_out] = out[i];
    }
  }
  planes.resize(channels_out, WidePlane(extent));
  return planes;
}

Colour in_target_colours(Colour colour, std::span<const std::byte> target) {
  std::vector<WidePlane> planes;
  for (const std::uint8_t value : colour) {
    planes.emplace_back(Extent{1, 1}).row(0)[0] = static_cast<std::uint16_t>(value * 257);
  }
  planes = in_target_colours(std::move(planes), {.model = ColourModel::Rgb, .target = target});
  for (std::size_t c = 0; c < colour.size(); ++c) {
    const WidePlane& plane = planes[std::min(c, planes.size() - 1)];
    colour[c] = static_cast<std::uint8_t>((plane.row(0)[0] + 128) / 257);
  }
  return colour;
}

std::string problem_of_target(std::span<const std::byte> bytes) {
  const Profile profile = opened(bytes);
  if (!profile) {
    return "is not a colour profile";
  }
  const int channels = channels_of(profile);
  if (channels != 1 && channels != 3) {
    return "is not a profile of grey or RGB";
  }
  const BuiltTransform output = build_table({{}, 3, bytes}, cmsFLAGS_NOOPTIMIZE);
  return output ? "" : "is a profile that colours cannot be converted to";
}

}  // namespace bulkhead::imaging
