#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <bulkhead/expected.h>

#include "imaging/decoded_picture.h"
#include "imaging/layout.h"
#include "imaging/thumbnail.h"

namespace bulkhead::imaging {

/// The thumbnails of one photo, from its header on.
class Making {
 public:
  /// `options` must outlive it.
  Making(Extent stored, int orientation, const ThumbnailOptions& options);

  /// What the whole picture is resized to for the largest thumbnail; before the turn.
  Extent largest_stored() const;

  /// Halved where luma and chroma go to a JPEG as they are: the short way.
  Chroma chroma_wanted() const;

  void set_decoder(std::string name) { result_.decoder = std::move(name); }
  void set_damage(std::string damage) { result_.damage = std::move(damage); }
  DecodedTraits& traits() { return traits_; }

  /// `decoded_pixels` lie in memory at once.
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

  const ThumbnailOptions& options_;
  Extent stored_;
  DecodedTraits traits_;
  std::vector<Layout> layouts_;
  Thumbnails result_;
};

extern template Expected<Thumbnails, ImageError> Making::finish(PlacedPlanes<std::uint8_t>) &&;
extern template Expected<Thumbnails, ImageError> Making::finish(PlacedPlanes<std::uint16_t>) &&;

}  // namespace bulkhead::imaging
