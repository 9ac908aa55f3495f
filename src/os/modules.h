#pragma once

#include <cstdint>
#include <string>

#include <bulkhead/expected.h>

/// The shared libraries that are loaded into this process.
namespace bulkhead::os {

/// What the linker wrote into the module to tell it from every other build, in hexadecimal digits;
/// empty: nothing, or the module (see CodeAddress) is not loaded here.
std::string build_id(std::uint64_t module);

/// Loads a shared library, unless it is there already, for the rest of the process's life; its
/// static initialisers run. An error: what dlopen(3) says.
Expected<void, std::string> load_module(const std::string& file);

}  // namespace bulkhead::os
