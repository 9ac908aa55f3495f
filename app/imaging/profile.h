#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "imaging/colour.h"
#include "imaging/colour_model.h"
#include "imaging/plane.h"

namespace bulkhead::imaging {

/// What the samples of a picture mean, and what they are to become.
struct ColourSpace {
  ColourModel model = ColourModel::Rgb;
  std::span<const std::byte> profile = {};  ///< ICC; empty: none, the samples are taken for sRGB.
  std::span<const std::byte> target = {};   ///< ICC, of grey or RGB; empty: sRGB.
};

/// Whether a picture's profile can be used.
enum class ProfileState : std::uint8_t {
  Absent,
  Usable,
  OtherChannels,  ///< It is one for another number of channels.
  Broken,
};

/// Keeps what it found out about the profiles last used, for each thread, as all functions here do:
/// cameras repeat them.
ProfileState state_of_profile(const ColourSpace& space);

/// Whether the profile, or the target, makes a difference: not when there is neither, nor when the
/// profile cannot be used or says what the target is, in one of the many forms that sRGB has.
bool changes_colours(const ColourSpace& space);

/// Turns planes into what the target says: one of grey or three of RGB; for sRGB that is grey when
/// the picture is. A profile that cannot be used is left out.
std::vector<WidePlane> in_target_colours(std::vector<WidePlane> planes, const ColourSpace& space);

/// A colour of sRGB in the values of the target; of a grey target three times the same.
Colour in_target_colours(Colour colour, std::span<const std::byte> target);

/// Why a profile cannot be a target, in a few words; empty when it can.
std::string problem_of_target(std::span<const std::byte> profile);

}  // namespace bulkhead::imaging
