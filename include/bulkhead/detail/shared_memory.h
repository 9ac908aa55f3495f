#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <typeinfo>
#include <vector>

namespace bulkhead::detail {

/// Sealed memory, or an open file, with a number that is the same in every process that has it;
/// known to the library only.
class SharedMemory;
using SharedReference = std::shared_ptr<const SharedMemory>;

/// Throws SerializationError when there is no memory left.
SharedReference make_shared_memory(std::span<const std::byte> content);
/// What has this number in this process. Throws SerializationError if nothing has.
SharedReference find_shared_memory(std::uint64_t id);

/// Takes over a descriptor that is open for reading.
SharedReference share_file(int descriptor);
/// Of an open file. Throws SerializationError of memory.
int descriptor_of(const SharedMemory& file);

/// Throws SerializationError of an open file.
std::span<const std::byte> bytes_of(const SharedMemory& memory);

/// The value that the memory encodes, decoded by `make` when it is first asked for. Throws
/// SerializationError if it is known as a value of another type.
using MakeShared = std::shared_ptr<const void> (*)(std::span<const std::byte> encoded);
const void* decoded(const SharedMemory& memory, const std::type_info& type, MakeShared make);

/// Notes that what is being encoded in this thread refers to this memory; gives its number.
std::uint64_t refer_to(const SharedReference& memory);
/// What was referred to in this thread since the last call: it has to travel with the bytes.
std::vector<SharedReference> take_references();

/// Keeps the references of one thing, encoded while this lives, apart from those of what is encoded
/// around it.
class ReferencesApart {
 public:
  ReferencesApart() : around_(take_references()) {}
  ~ReferencesApart();
  ReferencesApart(const ReferencesApart&) = delete;
  ReferencesApart& operator=(const ReferencesApart&) = delete;

 private:
  std::vector<SharedReference> around_;
};

}  // namespace bulkhead::detail
