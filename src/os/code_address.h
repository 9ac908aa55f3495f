#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bulkhead::os {

/// The module that is the program itself.
inline constexpr std::uint64_t kProgram = 0;

/// A place in the program's code, named so that every process of the program finds it, wherever the
/// kernel loaded it: which module, and how far from its base.
struct CodeAddress {
  std::uint64_t module = 0;  ///< kProgram, or a hash of the library's file name
  std::uint64_t offset = 0;
};

/// The module of an address that lies in none.
inline constexpr std::uint64_t kNoModule = ~std::uint64_t{0};

/// What CodeAddress calls the module with this file name, as the dynamic linker gives it.
std::uint64_t module_id(std::string_view file_name);

/// nullopt: the address lies in no loaded module. (dl_iterate_phdr(3))
std::optional<CodeAddress> name_code(const void* address);
/// nullopt: that module is not loaded here.
std::optional<const void*> find_code(CodeAddress name);
/// The file of a module that is loaded here, the program's own included; else empty.
std::string module_file(std::uint64_t module);

}  // namespace bulkhead::os
