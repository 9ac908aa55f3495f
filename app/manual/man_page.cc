#include "manual/man_page.h"

#include <sstream>

namespace bulkhead::manual {
namespace {

// Text that roff shows as it is: a backslash, a dash and a line that begins with a dot mean
// something to it.
std::string plain(std::string_view text) {
  std::string escaped;
  for (const char character : text) {
    if ((escaped.empty() || escaped.ends_with('\n')) && (character == '.' || character == '\'')) {
      escaped += "\\&";
    }
    if (character == '\\') {
      escaped += "\\e";
    } else if (character == '-') {
      escaped += "\\-";
    } else {
      escaped += character;
    }
  }
  return escaped;
}

std::string option_of(const OptionEntry& option) {
  std::string text = ".TP\n";
  std::string separator;
  for (const std::string& flag : option.flags()) {
    text += separator + "\\fB" + plain(flag) + "\\fR";
    separator = ", ";
  }
  if (!option.argument.empty()) {
    text += " " + plain(option.argument);
  }
  return text + "\n" + plain(option.description) + ".\n";
}

// Paragraphs are kept, and so is the breaking of lines: the text is made for 80 columns.
std::string details_of(const std::string& details) {
  std::ostringstream text;
  std::istringstream lines(details);
  text << ".nf\n";
  for (std::string line; std::getline(lines, line);) {
    text << (line.empty() ? ".sp" : plain(line)) << '\n';
  }
  text << ".fi\n";
  return text.str();
}

std::string command_of(const CommandEntry& command) {
  std::string text = ".SH BULKHEAD " + plain(command.name) + "\n" + plain(command.summary) +
                     ".\n.PP\n\\fBbulkhead " + plain(command.name) +
                     "\\fR [\\fIOPTIONS\\fR] [\\fIPATH\\fR...]\n";
  for (const OptionEntry& option : command.options) {
    text += option_of(option);
  }
  return text + ".PP\n" + details_of(command.details);
}

}  // namespace

std::string man_page(const std::vector<CommandEntry>& commands, std::string_view version) {
  std::string page = ".TH BULKHEAD 1 \"\" \"bulkhead " + plain(version) +
                     "\" \"User Commands\"\n"
                     ".SH NAME\nbulkhead \\- jobs on many files at once, each file in a worker "
                     "process that may fail alone\n"
                     ".SH SYNOPSIS\n";
  for (const CommandEntry& command : commands) {
    page += ".B bulkhead " + plain(command.name) + "\n[\\fIOPTIONS\\fR] [\\fIPATH\\fR...]\n.br\n";
  }
  for (const CommandEntry& command : commands) {
    page += command_of(command);
  }
  return page;
}

}  // namespace bulkhead::manual
