#include "display/escape.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace bulkhead::display {
namespace {

using Cases = std::vector<std::pair<std::string, std::string>>;

TEST(EscapeTest, ControlCharactersAndBadBytesAreShownAndNothingElseIsTouched) {
  const Cases cases = {
      {"", ""},
      {"a b[1] 50%d.jpg", "a b[1] 50%d.jpg"},
      {"b\xC3\xBC"
       "cher \xE2\x82\xAC \xF0\x9F\x93\xB7",
       "b\xC3\xBC"
       "cher \xE2\x82\xAC \xF0\x9F\x93\xB7"},
      {"a\nb\tc\rd", "a\\nb\\tc\\rd"},
      {"\x1b[31mred", "\\x1b[31mred"},
      {std::string("a\0b", 3), "a\\x00b"},
      {"\x7f", "\\x7f"},
      {"\xC2\x9B"
       "31m",
       "\\xc2\\x9b31m"},
      {"a\xFF.jpg", "a\\xff.jpg"},
      {"\xC3", "\\xc3"},
      {"\xC3"
       "a",
       "\\xc3"
       "a"},
      {"back\\slash", "back\\slash"},
  };
  for (const auto& [name, shown] : cases) {
    EXPECT_EQ(printable(name), shown);
  }
}

TEST(EscapeTest, Utf8IsWhatTheStandardSays) {
  for (const char* good : {"\x7f", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF",
                           "\xEE\x80\x80", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_EQ(utf8_character_length(good), std::string(good).size()) << good;
  }
  // Overlong forms, surrogates, beyond the last code point, cut short, a tail without its head.
  for (const char* bad :
       {"\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE2\x82", "\x80", "\xE2\x82x"}) {
    EXPECT_EQ(utf8_character_length(bad), 0U) << printable(bad);
    EXPECT_FALSE(is_utf8(bad));
  }
}

TEST(EscapeTest, WordOfTheShellIsTheTextAgain) {
  EXPECT_EQ(shell_word("Price [EUR] $x"), "'Price [EUR] $x'");
  EXPECT_EQ(shell_word("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_word("a\n'b\\\xE9"), "$'a\\n\\'b\\\\\\xe9'");
  EXPECT_EQ(shell_word(""), "''");
}

}  // namespace
}  // namespace bulkhead::display
