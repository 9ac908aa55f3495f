#pragma once

#include <string>
#include <string_view>

#include <bulkhead/expected.h>

namespace bulkhead::os {

/// A call that the operating system refused: what was attempted, and why not.
struct SystemError {
  int code = 0;  ///< errno
  std::string attempt;

  /// "memfd_create ring: Too many open files"
  std::string message() const;
};

template <class T>
using Result = Expected<T, SystemError>;

/// The error of the call that just failed: takes errno, so it must come first after the call.
Unexpected<SystemError> last_error(std::string_view attempt);

}  // namespace bulkhead::os
