#include "imaging/profile.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <utility>

#include <lcms2.h>

#include "imaging/colour.h"

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

cmsColorSpaceSignature signature_of(int channels) {
  return channels == 1 ? cmsSigGrayData : channels == 3 ? cmsSigRgbData : cmsSigCmykData;
}

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

Transform build_transform(std::span<const std::byte> bytes, int channels, cmsUInt32Number flags) {
  const Profile profile(
      cmsOpenProfileFromMem(bytes.data(), static_cast<cmsUInt32Number>(bytes.size())));
  if (!profile || cmsGetColorSpace(profile.get()) != signature_of(channels)) {
    return nullptr;
  }
  const Profile standard = standard_profile(channels);
  const int channels_out = channels == 1 ? 1 : 3;
  return Transform(cmsCreateTransform(profile.get(), format_of(channels), standard.get(),
                                      format_of(channels_out), INTENT_PERCEPTUAL,
                                      cmsFLAGS_NOCACHE | flags));
}

/// Whether a transform leaves a grid of colours as they are, to two steps of 8 bits.
bool is_identity(const Transform& transform, int channels) {
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
    cmsDoTransform(transform.get(), colour.data(), result.data(), 1);
    for (std::size_t c = 0; c < colour.size(); ++c) {
      if (std::abs(colour[c] - result[c]) > kTolerance) {
        return false;
      }
    }
  }
  return true;
}

/// Null when the profile makes no difference. That is found out by a transform that was not
/// optimised: lcms optimises by computing 36,000 colours, and most profiles are sRGB's.
Transform transform_that_matters(std::span<const std::byte> profile, int channels) {
  if (channels != 4) {
    const Transform plain = build_transform(profile, channels, cmsFLAGS_NOOPTIMIZE);
    if (!plain || is_identity(plain, channels)) {
      return nullptr;
    }
  }
  return build_transform(profile, channels, 0);
}

/// The transforms of the profiles last used, the latest first.
class TransformCache {
 public:
  /// Null when the profile makes no difference.
  cmsHTRANSFORM find(const ColourSpace& space) {
    const int channels = colour_channels(space.model);
    auto entry = std::ranges::find_if(entries_, [&](const Entry& known) {
      return known.channels == channels && std::ranges::equal(known.profile, space.profile);
    });
    if (entry == entries_.end()) {
      constexpr std::size_t kMaxEntries = 8;
      if (entries_.size() == kMaxEntries) {
        entries_.pop_back();
      }
      Transform transform = transform_that_matters(space.profile, channels);
      entries_.push_back(
          {{space.profile.begin(), space.profile.end()}, channels, std::move(transform)});
      entry = entries_.end() - 1;
    }
    std::rotate(entries_.begin(), entry, entry + 1);
    return entries_.front().transform.get();
  }

 private:
  struct Entry {
    std::vector<std::byte> profile;
    int channels;
    Transform transform;
  };

  std::vector<Entry> entries_;
};

cmsHTRANSFORM transform_of(const ColourSpace& space) {
  thread_local TransformCache cache;
  return space.profile.empty() ? nullptr : cache.find(space);
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

bool changes_colours(const ColourSpace& space) {
  return transform_of(space) != nullptr;
}

std::vector<WidePlane> to_srgb(std::vector<WidePlane> planes, const ColourSpace& space) {
  const cmsHTRANSFORM transform = transform_of(space);
  if (transform == nullptr) {
    return to_rgb(std::move(planes), space.model);
  }
  planes = channels_for_profile(std::move(planes), space.model);
  const std::size_t channels_in = planes.size();
  const std::size_t channels_out = channels_in == 1 ? 1 : 3;
  const Extent extent = planes.front().extent();
  const auto width = static_cast<std::size_t>(extent.width);
  std::vector<std::uint16_t> in(width * channels_in);
  std::vector<std::uint16_t> out(width * channels_out);
  for (int y = 0; y < extent.height; ++y) {
    for (std::size_t i = 0; i < in.size(); ++i) {
      in[i] = planes[i % channels_in].row(y)[i / channels_in];
    }
    cmsDoTransform(transform, in.data(), out.data(), static_cast<cmsUInt32Number>(width));
    for (std::size_t i = 0; i < out.size(); ++i) {
      planes[i % channels_out].row(y)[i / channels_out] = out[i];
    }
  }
  planes.resize(channels_out);
  return planes;
}

}  // namespace bulkhead::imaging
