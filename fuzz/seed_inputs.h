#pragma once

#include <cstdint>
#include <vector>

namespace bulkhead::fuzz {

/// Inputs that a target takes as they should be: the driver makes others of them by mutation. Each
/// target has its own.
std::vector<std::vector<std::uint8_t>> seed_inputs();

}  // namespace bulkhead::fuzz
