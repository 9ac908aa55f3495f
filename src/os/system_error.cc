#include "os/system_error.h"

#include <cerrno>
#include <system_error>

namespace bulkhead::os {

std::string SystemError::message() const {
  return attempt + ": " + std::generic_category().message(code);
}

Unexpected<SystemError> last_error(std::string_view attempt) {
  const int code = errno;
  return Unexpected(SystemError{code, std::string(attempt)});
}

}  // namespace bulkhead::os
