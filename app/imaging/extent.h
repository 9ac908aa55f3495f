#pragma once

namespace bulkhead::imaging {

/// Width and height in pixels.
struct Extent {
  int width = 0;
  int height = 0;

  friend bool operator==(const Extent&, const Extent&) = default;
};

}  // namespace bulkhead::imaging
