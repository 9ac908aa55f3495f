#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace bulkhead::os {

/// The functions that the symbol table of a program or library file names (elf(5)): of a file that
/// was not stripped all of them, else those that it exports.
class Symbols {
 public:
  /// A file that cannot be read, or is none of this machine's kind, has no symbols.
  static Symbols of_file(const std::string& file);

  /// The demangled name of the function at this distance from the module's base; empty: unknown.
  std::string function_at(std::uint64_t offset) const;

 private:
  struct Function {
    std::uint64_t first;
    std::uint64_t end;
    std::size_t name;  ///< where it begins in names_
  };
  std::vector<Function> functions_;  ///< in the order of `first`
  std::string names_;                ///< mangled, with a zero byte behind each
};

/// The name as in the source code; what is no mangled name is given back.
std::string demangled(const char* name);

}  // namespace bulkhead::os
