#include "manual/command_table.h"

#include <algorithm>
#include <cctype>
#include <sstream>

#include <CLI/CLI.hpp>

namespace bulkhead::manual {
namespace {

OptionEntry entry_of(const CLI::Option& option) {
  return {.short_names = option.get_snames(),
          .long_names = option.get_lnames(),
          .argument = option.get_items_expected_max() == 0 ? "" : option.get_option_text(),
          .description = option.get_description()};
}

CommandEntry entry_of(const Job& job) {
  CLI::App command(std::string(job.summary), std::string(job.name));
  const JobAction ignored = job.configure(command);
  CommandEntry entry{.name = std::string(job.name),
                     .summary = std::string(job.summary),
                     .details = command.get_footer()};
  for (const CLI::Option* option : command.get_options()) {
    entry.options.push_back(entry_of(*option));
  }
  return entry;
}

}  // namespace

std::vector<std::string> OptionEntry::choices() const {
  const std::string words = argument.substr(0, argument.find(' '));
  std::vector<std::string> choices;
  if (words.find('|') == std::string::npos) {
    return choices;
  }
  std::istringstream stream(words);
  for (std::string word; std::getline(stream, word, '|');) {
    const bool is_placeholder = std::isupper(static_cast<unsigned char>(word[0])) != 0;
    if (!is_placeholder && !word.starts_with('#') && word != "...") {
      choices.push_back(word);
    }
  }
  return choices;
}

bool OptionEntry::takes_path() const {
  return argument.starts_with("FILE") || argument.starts_with("DIR") ||
         argument.starts_with("TEMPLATE");
}

std::vector<std::string> OptionEntry::flags() const {
  std::vector<std::string> flags;
  for (const std::string& name : short_names) {
    flags.push_back("-" + name);
  }
  for (const std::string& name : long_names) {
    flags.push_back("--" + name);
  }
  return flags;
}

std::vector<CommandEntry> command_table() {
  std::vector<CommandEntry> table;
  std::ranges::transform(all_jobs(), std::back_inserter(table),
                         [](const Job& job) { return entry_of(job); });
  return table;
}

}  // namespace bulkhead::manual
