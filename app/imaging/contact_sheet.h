#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <bulkhead/expected.h>

#include "imaging/colour.h"
#include "imaging/encoding.h"
#include "imaging/image_error.h"

namespace bulkhead::imaging {

/// How a contact sheet is laid out.
struct SheetOptions {
  Extent cell{128, 128};  ///< The place of one picture, in whose middle it stands.
  int columns = 10;
  int gap = 8;  ///< Between cells and around them.
  Colour background = kWhite;
  Encoding encoding = {};
};

/// Many small pictures on a large one, in rows.
class ContactSheet {
 public:
  /// Room for `count` pictures, at least 1.
  ContactSheet(std::size_t count, const SheetOptions& options);

  /// Shows a picture at its place, counted from 0, made smaller where it is larger than the cell.
  /// Errors: those of make_thumbnails(); the place stays empty.
  Expected<void, ImageError> show(std::size_t place, std::span<const std::byte> file);

  /// The sheet. Errors: those of encode().
  Expected<std::vector<std::byte>, ImageError> encoded() const;

 private:
  SheetOptions options_;
  ColourPicture sheet_;
};

}  // namespace bulkhead::imaging
