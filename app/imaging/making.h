#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <bulkhead/expected.h>

#include "imaging/colour.h"
#include "imaging/decoded_picture.h"
#include "imaging/layout.h"
#include "imaging/metadata.h"
#include "imaging/profile.h"
#include "imaging/thumbnail.h"

namespace bulkhead::imaging {

/// What a photo's file says of it.
struct PhotoHeader {
  Extent stored;
  int orientation = 1;
  ColourModel colour = ColourModel::Rgb;
  std::span<const std::byte> profile = {};
  bool has_broken_profile = false;
  std::span<const std::byte> exif = {};  ///< The TIFF structure of EXIF; empty: none.
  std::span<const std::byte> xmp = {};   ///< The packet; empty: none.
  std::span<const std::byte> iptc = {};  ///< The record (IIM); empty: none.
};

/// The thumbnails of one photo, from its header on.
class Making {
 public:
  /// `options`, and the bytes in the header, must outlive it.
  Making(const PhotoHeader& header, const ThumbnailOptions& options);

  /// What the whole picture is resized to for the largest thumbnail; before the turn.
  Extent largest_stored() const;

  /// Whether luma and chroma go to a JPEG as they are.
  bool is_short_way() const;

  /// That of the JPEG on the short way, else full.
  Chroma chroma_wanted() const { return is_short_way() ? options_.encoding.chroma : Chroma::Full; }

  void set_decoder(std::string name) { result_.decoder = std::move(name); }
  void set_damage(std::string damage) { result_.damage = std::move(damage); }
  /// That of the planes, where it is not that of the header.
  void set_model(ColourModel model) { traits_.model = model; }
  void set_has_alpha(bool has_alpha) { traits_.has_alpha = has_alpha; }

  /// Whether the limits allow the photo, of which `decoded_pixels` lie in memory at once, and its
  /// thumbnails.
  std::optional<ImageError> check_size(std::uint64_t decoded_pixels) const;

  /// Makes all thumbnails, the largest first. Errors: those of resize() and encode().
  template <class Sample>
  Expected<Thumbnails, ImageError> finish(PlacedPlanes<Sample> planes) &&;

 private:
  template <class Sample>
  Expected<Thumbnails, ImageError> make_all(DecodedPicture<Sample>& picture);
  template <class Sample>
  Expected<void, ImageError> place_by_interest(DecodedPicture<Sample>& picture, std::size_t index);
  template <class Sample>
  Expected<std::vector<std::byte>, ImageError> make_one(DecodedPicture<Sample>& picture,
                                                        const Layout& layout);
  std::optional<ImageError> check_output(Extent size) const;
  void choose_colours();
  ProfileFate fate_of(ProfileState state, bool is_usable, bool is_kept) const;
  std::vector<std::byte> exif_for(Extent extent) const;
  Metadata metadata_for(Extent extent) const;

  const ThumbnailOptions& options_;
  PhotoHeader header_;
  DecodedTraits traits_;
  std::vector<std::byte> output_profile_;  // of the thumbnails' colours; empty: sRGB
  Colour background_;                      // in them
  std::vector<Layout> layouts_;
  Thumbnails result_;
};

extern template Expected<Thumbnails, ImageError> Making::finish(PlacedPlanes<std::uint8_t>) &&;
extern template Expected<Thumbnails, ImageError> Making::finish(PlacedPlanes<std::uint16_t>) &&;

}  // namespace bulkhead::imaging
