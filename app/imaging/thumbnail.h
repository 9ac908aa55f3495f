#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <bulkhead/expected.h>

#include "imaging/colour.h"
#include "imaging/encoding.h"
#include "imaging/extent.h"
#include "imaging/image_error.h"
#include "imaging/layout.h"
#include "imaging/metadata.h"
#include "imaging/resize.h"

namespace bulkhead::imaging {

/// In which values pixels are mixed when a picture is made smaller.
enum class Mixing : std::uint8_t {
  Gamma,  ///< As they are stored: quick, and what most programs do.
  Light,  ///< As amounts of light: bright points keep their brightness.
};

/// Whether the orientation that a photo says it has is applied.
enum class Turning : std::uint8_t { Upright, AsStored };

/// What is done about a photo's colour profile.
enum class ProfileUse : std::uint8_t {
  Convert,  ///< Its colours become those of the target, which is sRGB where none is given.
  Ignore,
  Keep,  ///< The colours stay, and the thumbnail has the profile; CMYK is converted all the same.
};

/// What became of it.
enum class ProfileFate : std::uint8_t {
  Absent,     ///< There was none; the colours were taken for sRGB.
  Same,       ///< It says what the target is.
  Converted,  ///< The colours were converted.
  Kept,
  Ignored,  ///< Nobody wanted it, or it is for another number of channels.
  Broken,   ///< As if there were none.
};

/// What a thumbnail is made from.
enum class PictureSource : std::uint8_t {
  Photo,
  /// The small picture that the file holds beside it, where that is large enough and has the
  /// photo's proportions: much quicker, and as good as the camera made it. It may be older than the
  /// photo when that was changed by careless programs.
  Preview,
};

/// Whether decoders may make a photo smaller by themselves, which saves most of the time.
enum class Decoding : std::uint8_t { Scaled, Full };

/// In which colours a photo is made smaller that is decoded in full.
enum class ResizedIn : std::uint8_t {
  Stored,  ///< As the file has them, chroma by itself: quick.
  Rgb,     ///< As Pillow does, chroma enlarged first, then one axis after the other.
};

/// What the thumbnails of a photo shall be. Members are added at the end, with defaults that change
/// nothing.
struct ThumbnailOptions {
  std::vector<SizeRule> sizes = {SizeRule{}};  ///< One thumbnail for each.
  Encoding encoding = {};
  Colour background = kWhite;  ///< Behind what is transparent, and around what is contained.
  Mixing mixing = Mixing::Gamma;
  Turning turning = Turning::Upright;
  ProfileUse profile = ProfileUse::Convert;
  std::uint64_t max_pixels = 1'000'000'000;  ///< Of the image as its header declares it.
  /// Of the image as it lies in memory: as the decoder scales it, and before it where that does.
  std::uint64_t max_decoded_pixels = 100'000'000;
  PictureSource from = PictureSource::Photo;
  Filter filter = Filter::Lanczos3;
  Decoding decoding = Decoding::Scaled;
  ResizedIn colours = ResizedIn::Stored;
  std::vector<std::byte> target_profile = {};  ///< ICC, of grey or RGB; empty: sRGB.
  KeptMetadata kept = {};
  /// As sharpen() has it; of luma alone where a picture comes with one.
  int sharpen_percent = 0;
  std::uint64_t max_output_pixels = 100'000'000;  ///< Of a thumbnail.
  /// Where the format holds it; else it is laid on the background.
  AlphaUse alpha = AlphaUse::Keep;
};

/// The file of one thumbnail, without metadata but those that were asked for. One in sRGB has no
/// profile.
struct Thumbnail {
  std::vector<std::byte> bytes;
  Extent size;
};

/// All thumbnails of a photo, and what was seen while they were made.
struct Thumbnails {
  std::vector<Thumbnail> made;  ///< In the order of the sizes asked for.
  Extent source;                ///< The photo, as it is shown (after orientation).
  int orientation = 1;          ///< Of the photo as it is stored, 1 to 8 as in EXIF.
  std::string decoder;          ///< What read it, and at which scale: "thumbjpeg 1/8".
  std::string damage;           ///< Empty: the photo is whole. Else what was wrong with it.
  ProfileFate profile = ProfileFate::Absent;
};

/// Makes thumbnails of an image file, of which its bytes say which format it has, decoding it once.
/// Of a damaged file they show what can be read, and `damage` says so.
/// Any thread may call it; nothing is shared between threads.
/// Errors: every fault of ImageFault; the message names the reason.
Expected<Thumbnails, ImageError> make_thumbnails(std::span<const std::byte> file,
                                                 const ThumbnailOptions& options = {});

}  // namespace bulkhead::imaging
