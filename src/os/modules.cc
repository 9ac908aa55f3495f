#include "os/modules.h"

#include <dlfcn.h>
#include <link.h>

#include <cstring>
#include <span>
#include <string_view>

#include "os/code_address.h"

namespace bulkhead::os {

namespace {

std::string in_hexadecimal(std::span<const unsigned char> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : bytes) {
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 15U];
  }
  return text;
}

/// Notes are a header, a name and a content, each padded to 4 bytes. (elf(5))
std::string build_id_among(std::span<const unsigned char> notes) {
  constexpr std::string_view kOwner("GNU", 4);  // with its terminating zero
  const auto padded = [](std::size_t size) { return (size + 3) & ~std::size_t{3}; };
  while (notes.size() >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) note{};
    std::memcpy(&note, notes.data(), sizeof note);
    notes = notes.subspan(sizeof note);
    const std::size_t size = padded(note.n_namesz) + padded(note.n_descsz);
    if (size > notes.size()) {
      break;
    }
    const auto* const name = reinterpret_cast<const char*>(notes.data());
    if (note.n_type == NT_GNU_BUILD_ID && std::string_view(name, note.n_namesz) == kOwner) {
      return in_hexadecimal(notes.subspan(padded(note.n_namesz), note.n_descsz));
    }
    notes = notes.subspan(size);
  }
  return {};
}

std::string build_id_of(const dl_phdr_info& module) {
  std::string id;
  for (int i = 0; i < module.dlpi_phnum && id.empty(); ++i) {
    const auto& segment = module.dlpi_phdr[i];
    if (segment.p_type == PT_NOTE) {
      // NOLINTNEXTLINE(performance-no-int-to-ptr): where the dynamic linker put the segment
      const auto* const first =
          reinterpret_cast<const unsigned char*>(module.dlpi_addr + segment.p_vaddr);
      id = build_id_among({first, segment.p_memsz});
    }
  }
  return id;
}

struct IdSearch {
  std::uint64_t module;
  std::string found;
};

}  // namespace

std::string build_id(std::uint64_t module) {
  IdSearch search{module, {}};
  ::dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* context) {
        auto& wanted = *static_cast<IdSearch*>(context);
        if (module_id(info->dlpi_name) != wanted.module) {
          return 0;
        }
        wanted.found = build_id_of(*info);
        return 1;
      },
      &search);
  return search.found;
}

Expected<void, std::string> load_module(const std::string& file) {
  if (::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL) == nullptr) {
    const char* const reason = ::dlerror();  // NOLINT(concurrency-mt-unsafe): glibc's is per thread
    return Unexpected(std::string(reason != nullptr ? reason : "unknown reason"));
  }
  return {};
}

}  // namespace bulkhead::os
