#include "executors/shared_values.h"

#include <atomic>
#include <string>
#include <unordered_map>
#include <utility>

#include <bulkhead/codec.h>
#include <bulkhead/error.h>

namespace bulkhead::detail {

namespace {

/// All shared memory of this process by its number: a handle arrives as a number alone.
struct Registry {
  std::mutex mutex;
  std::unordered_map<std::uint64_t, std::weak_ptr<const SharedMemory>> known;  // guarded by mutex
  std::atomic<std::uint64_t> gone{0};
};

/// Never destroyed: handles may lie in static objects, which go in any order.
Registry& registry() {
  static Registry& the_registry = *std::make_unique<Registry>().release();
  return the_registry;
}

/// Between an encoder deep in a value and whoever sends the bytes lies the user's serialize(),
/// which has no place for this.
// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables)
constinit thread_local bool has_references = false;
thread_local std::vector<SharedReference> references;
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)

template <class Content>
SharedReference add(std::uint64_t id, Content content) {
  auto shared = std::make_shared<const SharedMemory>(id, std::move(content));
  const std::lock_guard lock(registry().mutex);
  registry().known[id] = shared;
  return shared;
}

os::SealedMemory or_throw(os::Result<os::SealedMemory> memory) {
  if (!memory) {
    throw SerializationError("cannot share a value: " + memory.error().message());
  }
  return std::move(*memory);
}

}  // namespace

SharedMemory::~SharedMemory() {
  const std::lock_guard lock(registry().mutex);
  const auto known = registry().known.find(id_);
  if (known != registry().known.end() && known->second.expired()) {
    registry().known.erase(known);
  }
  registry().gone.fetch_add(1, std::memory_order_relaxed);
}

int SharedMemory::fd() const noexcept {
  const auto* const memory = std::get_if<os::SealedMemory>(&content_);
  return memory != nullptr ? memory->fd() : std::get_if<os::UniqueFd>(&content_)->get();
}

std::span<const std::byte> SharedMemory::bytes() const {
  const auto* const memory = std::get_if<os::SealedMemory>(&content_);
  if (memory == nullptr) {
    throw SerializationError("a shared value is an open file");
  }
  return memory->bytes();
}

const void* SharedMemory::decoded(const std::type_info& type, MakeShared make) const {
  const std::lock_guard lock(mutex_);
  if (!value_) {
    value_ = make(bytes());
    type_ = type;
  }
  if (*type_ != type) {
    throw SerializationError("a shared value is of another type");
  }
  return value_.get();
}

SharedReference make_shared_memory(std::span<const std::byte> content) {
  // Unique among all processes, because a worker may share values with workers of its own.
  return add(os::unique_number(), or_throw(os::SealedMemory::create("bulkhead-shared", content)));
}

SharedReference adopt_shared_memory(std::uint64_t id, os::UniqueFd fd) {
  return add(id, or_throw(os::SealedMemory::open(std::move(fd))));
}

SharedReference share_file(int descriptor) {
  return add(os::unique_number(), os::UniqueFd(descriptor));
}

SharedReference adopt_shared_file(std::uint64_t id, os::UniqueFd fd) {
  return add(id, std::move(fd));
}

SharedReference find_shared_memory(std::uint64_t id) {
  const std::lock_guard lock(registry().mutex);
  const auto known = registry().known.find(id);
  auto found = known == registry().known.end() ? nullptr : known->second.lock();
  if (!found) {
    throw SerializationError("a shared value is not in this process");
  }
  return found;
}

int descriptor_of(const SharedMemory& file) {
  if (!file.is_file()) {
    throw SerializationError("a shared value is no open file");
  }
  return file.fd();
}

std::span<const std::byte> bytes_of(const SharedMemory& memory) {
  return memory.bytes();
}

const void* decoded(const SharedMemory& memory, const std::type_info& type, MakeShared make) {
  return memory.decoded(type, make);
}

std::uint64_t refer_to(const SharedReference& memory) {
  if (!has_references || references.back() != memory) {
    references.push_back(memory);
    has_references = true;
  }
  return memory->id();
}

std::vector<SharedReference> take_references() {
  if (!has_references) {
    return {};
  }
  has_references = false;
  return std::exchange(references, {});
}

ReferencesApart::~ReferencesApart() {
  references = std::move(around_);
  has_references = !references.empty();
}

std::uint64_t shared_memories_gone() noexcept {
  return registry().gone.load(std::memory_order_relaxed);
}

}  // namespace bulkhead::detail
