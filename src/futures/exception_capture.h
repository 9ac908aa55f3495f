#pragma once

#include <cstddef>
#include <string>
#include <typeinfo>
#include <vector>

#include <bulkhead/error.h>

namespace bulkhead::detail {

/// As it is written in a program: "std::invalid_argument".
std::string demangled(const std::type_info& type);

/// Exceptions of one chain that are told, at most.
inline constexpr std::size_t kMaxChain = 16;

/// Describes the exception being handled, then those nested in it. Call it in a catch block.
std::vector<RemoteWhat> describe_current_exception();

}  // namespace bulkhead::detail
