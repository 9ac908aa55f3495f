#pragma once

#include <bulkhead/options.h>

namespace bulkhead::executors {

/// Throws std::invalid_argument, naming the option, if the options make no sense.
void check(const PoolOptions& options);

/// Throws std::invalid_argument if a pool cannot have so many workers; 0 is not meant here.
void check_workers(unsigned max_workers);

}  // namespace bulkhead::executors
