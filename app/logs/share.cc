#include "logs/share.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace bulkhead::logs {

bool Share::holds(std::string_view text) const {
  return is_all() || ::XXH3_64bits_withSeed(text.data(), text.size(), seed) % count == number;
}

}  // namespace bulkhead::logs
