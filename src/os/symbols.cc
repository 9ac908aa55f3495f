#include "os/symbols.h"

#include <cxxabi.h>
#include <elf.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>

namespace bulkhead::os {

namespace {

/// An ELF file of which parts are read, each within its bounds.
class ElfFile {
 public:
  explicit ElfFile(const std::string& file) : in_(file, std::ios::binary | std::ios::ate) {
    const std::streamoff end = in_.tellg();
    size_ = end > 0 ? static_cast<std::uint64_t>(end) : 0;
  }

  std::vector<Elf64_Shdr> sections() {
    const auto header = table<Elf64_Ehdr>(0, 1);
    const bool is_elf = !header.empty() && std::memcmp(header[0].e_ident, ELFMAG, SELFMAG) == 0 &&
                        header[0].e_ident[EI_CLASS] == ELFCLASS64 &&
                        header[0].e_shentsize == sizeof(Elf64_Shdr);
    return is_elf ? table<Elf64_Shdr>(header[0].e_shoff, header[0].e_shnum)
                  : std::vector<Elf64_Shdr>();
  }

  template <class T>
  std::vector<T> table(std::uint64_t offset, std::uint64_t count) {
    if (offset > size_ || count > (size_ - offset) / sizeof(T)) {
      return {};
    }
    std::vector<T> entries(static_cast<std::size_t>(count));
    in_.seekg(static_cast<std::streamoff>(offset));
    in_.read(reinterpret_cast<char*>(entries.data()),
             static_cast<std::streamsize>(entries.size() * sizeof(T)));
    return in_ ? entries : std::vector<T>();
  }

 private:
  std::ifstream in_;
  std::uint64_t size_ = 0;
};

/// The table of all symbols; of a stripped file that of the exported ones; nullptr: neither.
const Elf64_Shdr* symbol_table(const std::vector<Elf64_Shdr>& sections) {
  for (const auto type : {SHT_SYMTAB, SHT_DYNSYM}) {
    for (const auto& section : sections) {
      if (section.sh_type == static_cast<Elf64_Word>(type) && section.sh_link < sections.size()) {
        return &section;
      }
    }
  }
  return nullptr;
}

}  // namespace

Symbols Symbols::of_file(const std::string& file) {
  ElfFile elf(file);
  const auto sections = elf.sections();
  const Elf64_Shdr* const table = symbol_table(sections);
  Symbols symbols;
  if (table == nullptr) {
    return symbols;
  }
  const auto& text = sections[table->sh_link];
  const auto names = elf.table<char>(text.sh_offset, text.sh_size);
  symbols.names_.assign(names.begin(), names.end());
  for (const auto& symbol :
       elf.table<Elf64_Sym>(table->sh_offset, table->sh_size / sizeof(Elf64_Sym))) {
    const bool is_of_another_file = symbol.st_shndx == SHN_UNDEF;  // mold gives it a size too
    if (ELF64_ST_TYPE(symbol.st_info) == STT_FUNC && symbol.st_size != 0 && !is_of_another_file) {
      symbols.functions_.push_back(
          {symbol.st_value, symbol.st_value + symbol.st_size, symbol.st_name});
    }
  }
  std::ranges::stable_sort(symbols.functions_, {}, &Function::first);
  return symbols;
}

std::string Symbols::function_at(std::uint64_t offset) const {
  const auto next = std::ranges::upper_bound(functions_, offset, {}, &Function::first);
  if (next == functions_.begin() || offset >= std::prev(next)->end ||
      std::prev(next)->name >= names_.size()) {
    return {};
  }
  return demangled(names_.c_str() + std::prev(next)->name);
}

std::string demangled(const char* name) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> readable(
      abi::__cxa_demangle(name, nullptr, nullptr, &status), &std::free);
  return readable ? readable.get() : name;
}

}  // namespace bulkhead::os
