#include "records/random_seed.h"

#include <random>

namespace bulkhead::records {

std::uint64_t random_seed() {
  static_assert(std::random_device::max() == UINT32_MAX);
  std::random_device random;
  const std::uint64_t high = random();
  return high << 32U | random();
}

}  // namespace bulkhead::records
