#include <algorithm>

#include <gtest/gtest.h>

#include "manual/command_table.h"
#include "manual/completions.h"
#include "manual/man_page.h"

namespace bulkhead::manual {
namespace {

std::vector<CommandEntry> small_table() {
  return {{.name = "paint",
           .summary = "Paint it",
           .details = "A \\n is shown.\n\n.dots too",
           .options = {{.short_names = {"f"},
                        .long_names = {"format"},
                        .argument = "jpg|png|FILE|#x|... [jpg]",
                        .description = "What's [written]"},
                       {.long_names = {"out-dir"}, .argument = "DIR", .description = "Where"},
                       {.short_names = {"q"}, .description = "Say nothing"}}}};
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(CommandTableTest, HoldsEveryOptionOfEveryJob) {
  const auto table = command_table();
  ASSERT_FALSE(table.empty());
  EXPECT_EQ(table[0].name, "thumbnails");
  const auto size = std::ranges::find_if(table[0].options, [](const OptionEntry& option) {
    return option.flags() == std::vector<std::string>{"-s", "--size"};
  });
  ASSERT_NE(size, table[0].options.end());
  EXPECT_EQ(size->argument, "SIZE [128]");
  for (const OptionEntry& option : table[0].options) {
    EXPECT_NE(option.description, "") << option.flags().front();
  }
}

TEST(CommandTableTest, ChoicesAreTheWordsOfTheArgument) {
  EXPECT_EQ(small_table()[0].options[0].choices(), (std::vector<std::string>{"jpg", "png"}));
  EXPECT_TRUE(small_table()[0].options[1].choices().empty());
  EXPECT_TRUE(small_table()[0].options[1].takes_path());
}

TEST(ManPageTest, RoffShowsTextAsItIs) {
  const std::string page = man_page(small_table(), "1.0");
  EXPECT_TRUE(contains(page, ".TP\n\\fB\\-f\\fR, \\fB\\-\\-format\\fR jpg|png|FILE")) << page;
  EXPECT_TRUE(contains(page, "A \\en is shown.\n.sp\n\\&.dots too\n")) << page;
}

TEST(CompletionsTest, ShellsAreToldNamesArgumentsAndChoices) {
  const std::string bash = bash_completion(small_table());
  EXPECT_TRUE(contains(bash, "-f|--format) COMPREPLY=($(compgen -W 'jpg png' ")) << bash;
  EXPECT_TRUE(contains(bash, "--out-dir) COMPREPLY=($(compgen -f ")) << bash;
  EXPECT_TRUE(contains(bash, "flags='-f --format --out-dir -q'")) << bash;
  const std::string zsh = zsh_completion(small_table());
  EXPECT_TRUE(contains(zsh, "'*--format[What'\\''s \\[written\\]]:choice:(jpg png)'")) << zsh;
  const std::string fish = fish_completion(small_table());
  EXPECT_TRUE(contains(fish, " -s f -l format -x -a 'jpg png' -d 'What'\\''s [written]'")) << fish;
}

}  // namespace
}  // namespace bulkhead::manual
