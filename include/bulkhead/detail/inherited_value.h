#pragma once

#include <cstdint>
#include <memory>
#include <typeinfo>

namespace bulkhead::detail {

/// From now on, and in all processes that are forked from now on, the value is found by the number
/// that this returns, as long as somebody here holds it.
std::uint64_t add_inherited(const std::shared_ptr<const void>& value, const std::type_info& type);

/// The value of this type with this number. Throws SerializationError if this process has none.
std::shared_ptr<const void> find_inherited(std::uint64_t id, const std::type_info& type);

}  // namespace bulkhead::detail
