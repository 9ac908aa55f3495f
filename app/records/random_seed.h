#pragma once

#include <cstdint>

namespace bulkhead::records {

/// 64 bits that nobody can foretell: the seed of a hash, so that nobody can choose texts that
/// collide.
std::uint64_t random_seed();

}  // namespace bulkhead::records
