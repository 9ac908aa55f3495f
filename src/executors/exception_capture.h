#pragma once

#include <vector>

#include <bulkhead/error.h>

namespace bulkhead::executors {

/// Describes the exception being handled, then those nested in it. Call it in a catch block.
std::vector<RemoteWhat> describe_current_exception();

}  // namespace bulkhead::executors
