#include "records/condition.h"

#include <map>
#include <string>

#include <gtest/gtest.h>

namespace bulkhead::records {
namespace {

std::optional<std::uint32_t> find(std::string_view name) {
  return name == "status" ? std::optional(0U) : name == "path" ? std::optional(1U) : std::nullopt;
}

// For a record with status 404 and path /a b.
bool is_true(const std::string& text) {
  const auto condition = Condition::parse(text, find);
  EXPECT_TRUE(condition) << text << ": " << (condition ? "" : condition.error());
  return condition && condition->is_true([](std::uint32_t field) -> std::string_view {
    return field == 0 ? "404" : "/a b";
  });
}

std::string problem_of(const std::string& text) {
  const auto condition = Condition::parse(text, find);
  return condition ? "" : condition.error();
}

TEST(ConditionTest, NumbersAreComparedAsNumbersAndTextsBytewise) {
  for (const char* text :
       {"status == 404", "status == 404.0", "status >= 404", "status < 1000", "status != 5",
        "path == '/a b'", "path ~ \"a b\"", "path > '/a'", "status ~ 40", "path < b"}) {
    EXPECT_TRUE(is_true(text)) << text;
  }
  for (const char* text : {"status > 404", "status <= 99", "path == /a", "path ~ x"}) {
    EXPECT_FALSE(is_true(text)) << text;
  }
}

TEST(ConditionTest, AndBindsCloserThanOrAndNotCloserStill) {
  EXPECT_TRUE(is_true("status == 404 or status == 1 and path == x"));
  EXPECT_FALSE(is_true("(status == 404 or status == 1) and path == x"));
  EXPECT_FALSE(is_true("not status == 404 and path == x"));
  EXPECT_TRUE(is_true("not (status == 404 and path == x)"));
  EXPECT_TRUE(is_true("not not status == 404"));
}

TEST(ConditionTest, WhatIsWrongIsNamedWithItsPlace) {
  EXPECT_EQ(problem_of(""), "a word is missing at character 1");
  EXPECT_EQ(problem_of("colour == 1"), "there is no field 'colour' at character 7");
  EXPECT_EQ(problem_of("status 1"), "== != < <= > >= or ~ is missing at character 8");
  EXPECT_EQ(problem_of("status =="), "a word is missing at character 10");
  EXPECT_EQ(problem_of("(status == 1"), "a ) is missing at character 13");
  EXPECT_EQ(problem_of("status == 1 path"), "something behind the end at character 13");
  EXPECT_EQ(problem_of("status == 'x"), "a quote is not closed at character 11");
  EXPECT_EQ(problem_of(std::string(1000, '(')), "too deep at character 102");
}

}  // namespace
}  // namespace bulkhead::records
