#pragma once

#include <string>

#include <bulkhead/exception_types.h>

namespace bulkhead::detail {

/// How exceptions of the type with this demangled name cross; nullptr: nobody said so.
const ExceptionCode* find_exception_code(const std::string& type);

}  // namespace bulkhead::detail
