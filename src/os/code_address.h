#pragma once

#include <cstdint>
#include <optional>

namespace bulkhead::os {

/// A place in the program's code, named so that every process of the program finds it, wherever the
/// kernel loaded it: which module, and how far from its base.
struct CodeAddress {
  std::uint64_t module = 0;  ///< 0: the program itself; else a hash of the library's file name
  std::uint64_t offset = 0;
};

/// nullopt: the address lies in no loaded module. (dl_iterate_phdr(3))
std::optional<CodeAddress> name_code(const void* address);
/// nullopt: that module is not loaded here.
std::optional<const void*> find_code(CodeAddress name);

}  // namespace bulkhead::os
