#pragma once

#include <string>

namespace bulkhead::imaging {

/// Why there is no thumbnail of a file.
enum class ImageFault {
  NotAnImage,   ///< The bytes do not begin as a format this room reads.
  Unsupported,  ///< A valid image of a kind this room does not read.
  Damaged,      ///< An image of which nothing can be shown.
  TooLarge,     ///< More pixels, or more working memory, than the limits allow.
  OutOfMemory,  ///< The process may not have the memory the image needs.
};

/// A fault with its reason: lower case, no full stop, no file name.
struct ImageError {
  ImageFault fault = ImageFault::Damaged;
  std::string message;
};

}  // namespace bulkhead::imaging
