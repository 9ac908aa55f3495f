#include "extract/path.h"

#include <gtest/gtest.h>

namespace bulkhead::extract {
namespace {

using Kind = Step::Kind;

Path path(std::string_view text) {
  const auto parsed = parse_path(text);
  EXPECT_TRUE(parsed) << text << ": " << (parsed ? "" : parsed.error());
  return parsed ? *parsed : Path();
}

std::string problem_of(std::string_view text) {
  const auto parsed = parse_path(text);
  return parsed ? "" : parsed.error();
}

TEST(PathTest, JsonPathsAreSeparatedByDots) {
  EXPECT_EQ(path("id"), Path({{.name = "id"}}));
  EXPECT_EQ(path(".objects[]"), Path({{.name = "objects"}, {.kind = Kind::Each}}));
  EXPECT_EQ(path(".a.b[2][\"odd.name\"].c"), Path({{.name = "a"},
                                                   {.name = "b"},
                                                   {.kind = Kind::Index, .index = 2},
                                                   {.name = "odd.name"},
                                                   {.name = "c"}}));
  EXPECT_EQ(path("[]"), Path({{.kind = Kind::Each}}));
}

TEST(PathTest, XmlPathsAreSeparatedBySlashes) {
  EXPECT_EQ(path("//planet"), Path({{.kind = Kind::Below, .name = "planet"}}));
  EXPECT_EQ(path("/system/a.b"), Path({{.name = "system"}, {.name = "a.b"}}));
  EXPECT_EQ(path("../../name/@unit"), Path({{.kind = Kind::Parent},
                                            {.kind = Kind::Parent},
                                            {.name = "name"},
                                            {.kind = Kind::Attribute, .name = "unit"}}));
  EXPECT_EQ(path("a//b"), Path({{.name = "a"}, {.kind = Kind::Below, .name = "b"}}));
  EXPECT_EQ(path("@id"), Path({{.kind = Kind::Attribute, .name = "id"}}));
}

TEST(PathTest, WhatIsInQuotesIsAnyNameAndDecidesNothing) {
  EXPECT_EQ(path("a[\"x/y@z\"].b"), Path({{.name = "a"}, {.name = "x/y@z"}, {.name = "b"}}));
  EXPECT_EQ(path("[\"a\\\"] \\\\\"]"), Path({{.name = "a\"] \\"}}));
}

TEST(PathTest, NamesWithAnAtSignAreStepsOfEitherSyntax) {
  EXPECT_EQ(path("meta.@type"),
            Path({{.name = "meta"}, {.kind = Kind::Attribute, .name = "type"}}));
  EXPECT_EQ(path(".@type.a"), Path({{.kind = Kind::Attribute, .name = "type"}, {.name = "a"}}));
  EXPECT_EQ(path("@a.b"), Path({{.kind = Kind::Attribute, .name = "a.b"}}));
  EXPECT_EQ(path(".a/b"), Path({{.name = "a/b"}}));
}

TEST(PathTest, WhatIsWrongIsNamed) {
  EXPECT_EQ(problem_of(""), "a name is missing");
  EXPECT_EQ(problem_of("//"), "a name is missing");
  EXPECT_EQ(problem_of("."), "a name is missing");
  EXPECT_EQ(problem_of("a."), "a name is missing at the end");
  EXPECT_EQ(problem_of("a[2"), "a ] is missing");
  EXPECT_EQ(problem_of("[\"a\\\"]"), "a \"] is missing");
  EXPECT_EQ(problem_of("a[x]"), "'x' is no number");
  EXPECT_EQ(problem_of("a[99999999999]"), "'99999999999' is no number");
  EXPECT_EQ(problem_of("@"), "a name is missing before ''");
}

}  // namespace
}  // namespace bulkhead::extract
