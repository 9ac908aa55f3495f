// bulkhead_manual man|bash|zsh|fish: writes what is installed beside the program for its users.

#include <cstdio>
#include <string>
#include <string_view>

#include "manual/completions.h"
#include "manual/man_page.h"

int main(int argc, char** argv) {
  using namespace bulkhead::manual;
  const std::string_view kind = argc == 2 ? argv[1] : "";
  const auto commands = command_table();
  std::string text;
  if (kind == "man") {
    text = man_page(commands, BULKHEAD_VERSION);
  } else if (kind == "bash") {
    text = bash_completion(commands);
  } else if (kind == "zsh") {
    text = zsh_completion(commands);
  } else if (kind == "fish") {
    text = fish_completion(commands);
  } else {
    std::fputs("usage: bulkhead_manual man|bash|zsh|fish\n", stderr);
    return 2;
  }
  return std::fputs(text.c_str(), stdout) < 0 ? 1 : 0;
}
