#pragma once

#include <cstdint>

namespace thumbjpeg {

/// The state of a block that is stepped over, packed so that one addition of a SkipEntry moves it
/// on, its sign tells whether the block has ended, and one comparison tells that all is well.
///
/// Bits 0 to 6 count bits read. Above them is the number of coefficients passed, less 64: negative
/// within the block, 0 when it ended with its last coefficient. An end of block adds 129, which
/// leads to 66 … 128 from a sound place, but to 129 and more from behind the last coefficient. A
/// code that is not in the table adds 256. So with 127 added, all sound sums, and no others, have
/// bit 6 set and bits 8 and 9 clear.
constexpr std::uint32_t kStateShift = 7;
constexpr std::int32_t kStateBits = (1 << kStateShift) - 1;
constexpr std::int32_t kFreshState = -(64 << kStateShift);
constexpr std::int32_t kDoneState = 0;
constexpr std::uint32_t kEndOfBlockAdvance = 129;
constexpr std::uint32_t kUnknownAdvance = 256;

/// More in one entry could carry an unsound sum into the sound ones.
constexpr std::uint32_t kMaxAdvanceOfEntry = 63;

/// For a state after at least one symbol.
inline bool is_sound(std::int32_t state) {
  constexpr std::uint32_t kOffset = 127U << kStateShift;
  constexpr std::uint32_t kMask = 0x340U << kStateShift;
  constexpr std::uint32_t kSound = 0x040U << kStateShift;
  return ((static_cast<std::uint32_t>(state) + kOffset) & kMask) == kSound;
}

}  // namespace thumbjpeg
