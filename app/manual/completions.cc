#include "manual/completions.h"

#include <string_view>

namespace bulkhead::manual {
namespace {

constexpr std::string_view kSource = "# Made from the table of options by bulkhead_manual.\n";

std::string joined(const std::vector<std::string>& words, std::string_view separator) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : std::string(separator)) + word;
  }
  return text;
}

std::vector<std::string> names_of(const std::vector<CommandEntry>& commands) {
  std::vector<std::string> names;
  for (const CommandEntry& command : commands) {
    names.push_back(command.name);
  }
  return names;
}

// In single quotes, for any of the shells.
std::string quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char character : text) {
    quoted += character == '\'' ? std::string("'\\''") : std::string(1, character);
  }
  return quoted + "'";
}

std::string bash_command(const CommandEntry& command) {
  std::string cases;
  std::vector<std::string> flags;
  for (const OptionEntry& option : command.options) {
    const auto own = option.flags();
    flags.insert(flags.end(), own.begin(), own.end());
    if (option.argument.empty()) {
      continue;
    }
    const std::string what =
        option.takes_path() ? "-f" : "-W " + quoted(joined(option.choices(), " "));
    cases += "        " + joined(own, "|") + ") COMPREPLY=($(compgen " + what +
             " -- \"$current\")); return ;;\n";
  }
  return "    " + command.name + ")\n      case $previous in\n" + cases +
         "      esac\n      flags=" + quoted(joined(flags, " ")) + " ;;\n";
}

// The description of _arguments, where brackets and colons mean something.
std::string zsh_text(std::string_view text) {
  std::string escaped;
  for (const char character : text) {
    if (character == '[' || character == ']' || character == ':' || character == '\\') {
      escaped += '\\';
    }
    escaped += character;
  }
  return escaped;
}

std::string zsh_option(const OptionEntry& option) {
  std::string action;
  if (!option.argument.empty()) {
    const auto choices = option.choices();
    const std::string argument = option.argument.substr(0, option.argument.find_first_of(" |"));
    action = ":" + zsh_text(choices.empty() ? argument : "choice") + ":";
    action += option.takes_path() ? "_files"
              : choices.empty()   ? ""
                                  : "(" + joined(choices, " ") + ")";
  }
  std::string lines;
  for (const std::string& flag : option.flags()) {
    lines += "        " + quoted("*" + flag + "[" + zsh_text(option.description) + "]" + action) +
             " \\\n";
  }
  return lines;
}

std::string fish_option(const CommandEntry& command, const OptionEntry& option) {
  std::string line = "complete -c bulkhead -n '__fish_seen_subcommand_from " + command.name + "'";
  for (const std::string& name : option.short_names) {
    line += " -s " + name;
  }
  for (const std::string& name : option.long_names) {
    line += " -l " + name;
  }
  if (!option.argument.empty()) {
    line += option.takes_path() ? " -r -F" : " -x";
  }
  if (const auto choices = option.choices(); !choices.empty()) {
    line += " -a " + quoted(joined(choices, " "));
  }
  return line + " -d " + quoted(option.description) + "\n";
}

}  // namespace

std::string bash_completion(const std::vector<CommandEntry>& commands) {
  std::string text =
      std::string(kSource) +
      "_bulkhead() {\n"
      "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} flags=\n"
      "  if ((COMP_CWORD == 1)); then\n"
      "    COMPREPLY=($(compgen -W " +
      quoted(joined(names_of(commands), " ") + " --help --version") +
      " -- \"$current\"))\n    return\n  fi\n"
      "  case ${COMP_WORDS[1]} in\n";
  for (const CommandEntry& command : commands) {
    text += bash_command(command);
  }
  return text +
         "  esac\n"
         "  if [[ $current == -* ]]; then\n"
         "    COMPREPLY=($(compgen -W \"$flags\" -- \"$current\"))\n"
         "  else\n"
         "    local IFS=$'\\n'\n"
         "    COMPREPLY=($(compgen -f -- \"$current\"))\n"
         "  fi\n"
         "}\n"
         "complete -o filenames -F _bulkhead bulkhead\n";
}

std::string zsh_completion(const std::vector<CommandEntry>& commands) {
  std::string text = "#compdef bulkhead\n" + std::string(kSource) +
                     "_bulkhead() {\n  if ((CURRENT == 2)); then\n    compadd -- " +
                     joined(names_of(commands), " ") +
                     " --help --version\n    return\n  fi\n  case $words[2] in\n";
  for (const CommandEntry& command : commands) {
    text +=
        "    " + command.name + ")\n      shift words; ((CURRENT--))\n      _arguments -s -S \\\n";
    for (const OptionEntry& option : command.options) {
      text += zsh_option(option);
    }
    text += "        '*:path:_files' ;;\n";
  }
  return text + "  esac\n}\n_bulkhead \"$@\"\n";
}

std::string fish_completion(const std::vector<CommandEntry>& commands) {
  std::string text(kSource);
  for (const CommandEntry& command : commands) {
    text += "complete -c bulkhead -n __fish_use_subcommand -f -a " + command.name + " -d " +
            quoted(command.summary) + "\n";
    for (const OptionEntry& option : command.options) {
      text += fish_option(command, option);
    }
  }
  return text;
}

}  // namespace bulkhead::manual
