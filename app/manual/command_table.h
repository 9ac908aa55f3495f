#pragma once

#include <string>
#include <vector>

#include "job.h"

namespace bulkhead::manual {

/// One option as its users write it.
struct OptionEntry {
  std::vector<std::string> short_names = {};  ///< without the dash: "s"
  std::vector<std::string> long_names = {};   ///< without the dashes: "size"
  std::string argument = {};                  ///< what follows, "SIZE [128]"; empty for a flag
  std::string description = {};

  /// The words that the argument is one of, as far as the table says: "jpg|png [jpg]" has two.
  std::vector<std::string> choices() const;
  /// Whether the argument names a file or a folder.
  bool takes_path() const;
  /// All names with their dashes, the short ones first.
  std::vector<std::string> flags() const;
};

/// One job of the program and its options, from the very table that reads its command line.
struct CommandEntry {
  std::string name = {};
  std::string summary = {};
  std::string details = {};
  std::vector<OptionEntry> options = {};
};

/// All jobs, in the order of --help.
std::vector<CommandEntry> command_table();

}  // namespace bulkhead::manual
