#include "os/code_address.h"

#include <link.h>

#include <filesystem>
#include <system_error>

namespace bulkhead::os {

namespace {

bool contains(const dl_phdr_info& module, std::uint64_t address) {
  for (int i = 0; i < module.dlpi_phnum; ++i) {
    const auto& segment = module.dlpi_phdr[i];
    const std::uint64_t first = module.dlpi_addr + segment.p_vaddr;
    if (segment.p_type == PT_LOAD && address >= first && address < first + segment.p_memsz) {
      return true;
    }
  }
  return false;
}

struct NameSearch {
  std::uint64_t address;
  std::optional<CodeAddress> found;
};

struct CodeSearch {
  CodeAddress name;
  std::optional<std::uint64_t> found;
};

struct FileSearch {
  std::uint64_t module;
  std::string found;
};

}  // namespace

std::uint64_t module_id(std::string_view name) {
  if (name.empty()) {
    return kProgram;  // dl_iterate_phdr gives the program itself an empty name.
  }
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a, 64 bits
  for (const char c : name) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  return hash;
}

std::optional<CodeAddress> name_code(const void* address) {
  NameSearch search{reinterpret_cast<std::uint64_t>(address), std::nullopt};
  ::dl_iterate_phdr(
      [](dl_phdr_info* module, std::size_t, void* context) {
        auto& wanted = *static_cast<NameSearch*>(context);
        if (contains(*module, wanted.address)) {
          wanted.found =
              CodeAddress{module_id(module->dlpi_name), wanted.address - module->dlpi_addr};
        }
        return wanted.found ? 1 : 0;
      },
      &search);
  return search.found;
}

std::optional<const void*> find_code(CodeAddress name) {
  CodeSearch search{name, std::nullopt};
  ::dl_iterate_phdr(
      [](dl_phdr_info* module, std::size_t, void* context) {
        auto& wanted = *static_cast<CodeSearch*>(context);
        if (module_id(module->dlpi_name) == wanted.name.module) {
          wanted.found = module->dlpi_addr + wanted.name.offset;
        }
        return wanted.found ? 1 : 0;
      },
      &search);
  if (!search.found) {
    return std::nullopt;
  }
  return reinterpret_cast<const void*>(*search.found);  // NOLINT(performance-no-int-to-ptr)
}

std::string module_file(std::uint64_t module) {
  if (module == kProgram) {
    std::error_code gone;
    return std::filesystem::read_symlink("/proc/self/exe", gone).string();
  }
  FileSearch search{module, {}};
  ::dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* context) {
        auto& wanted = *static_cast<FileSearch*>(context);
        if (module_id(info->dlpi_name) == wanted.module) {
          wanted.found = info->dlpi_name;
        }
        return wanted.found.empty() ? 0 : 1;
      },
      &search);
  return search.found;
}

}  // namespace bulkhead::os
