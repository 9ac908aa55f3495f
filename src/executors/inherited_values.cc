#include <map>
#include <mutex>
#include <typeindex>

#include <bulkhead/detail/inherited_value.h>
#include <bulkhead/error.h>

#include "os/sealed_memory.h"

namespace bulkhead::detail {

namespace {

struct Entry {
  std::weak_ptr<const void> value;
  std::type_index type;
};

/// A fork takes the whole along. No other thread is in here meanwhile: a program is only forked for
/// a pool while it has none.
struct Registry {
  std::mutex mutex;
  std::map<std::uint64_t, Entry> entries;  // guarded by mutex
};

/// Never destroyed: handles may lie in static objects, which go in any order.
Registry& registry() {
  static Registry& the_registry = *std::make_unique<Registry>().release();
  return the_registry;
}

}  // namespace

std::uint64_t add_inherited(const std::shared_ptr<const void>& value, const std::type_info& type) {
  // Unique among all processes: a worker may make some for workers of its own.
  const std::uint64_t id = os::unique_number();
  const std::lock_guard lock(registry().mutex);
  std::erase_if(registry().entries, [](const auto& entry) { return entry.second.value.expired(); });
  registry().entries.emplace(id, Entry{value, type});
  return id;
}

std::shared_ptr<const void> find_inherited(std::uint64_t id, const std::type_info& type) {
  const std::lock_guard lock(registry().mutex);
  const auto entry = registry().entries.find(id);
  auto value = entry == registry().entries.end() ? nullptr : entry->second.value.lock();
  if (!value) {
    throw SerializationError(
        "an inherited value is not in this process: it was made after the pool, or the workers are "
        "no forks of the program (StartMethod::Spawn)");
  }
  if (entry->second.type != type) {
    throw SerializationError("an inherited value is of another type");
  }
  return value;
}

}  // namespace bulkhead::detail
