#include "files/output_template.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace bulkhead::files {
namespace {

std::string rendered(std::string_view text, const TemplateValues& values) {
  const auto parsed = OutputTemplate::parse(text);
  return parsed ? parsed->render(values) : "error: " + parsed.error();
}

TEST(OutputTemplateTest, FillsEveryField) {
  const TemplateValues values{"dir", "rel", "stem",   "ext",  "name",
                              "128", "96",  "128x96", "d41d", "png"};
  EXPECT_EQ(rendered("{dir}/{reldir}/{stem}.{ext}-{name}-{w},{h},{size} {md5} {format}", values),
            "dir/rel/stem.ext-name-128,96,128x96 d41d png");
}

TEST(OutputTemplateTest, EmptyFolderTakesItsSlashAlong) {
  EXPECT_EQ(rendered("{dir}/{stem}.jpg", {.stem = "a"}), "a.jpg");
  EXPECT_EQ(rendered("t/{reldir}/{stem}.jpg", {.stem = "a"}), "t/a.jpg");
  EXPECT_EQ(rendered("{dir}/{stem}.jpg", {.dir = "/", .stem = "a"}), "/a.jpg");
}

TEST(OutputTemplateTest, DoubledBracesArePlainOnes) {
  EXPECT_EQ(rendered("{{{stem}}}.jpg", {.stem = "a"}), "{a}.jpg");
}

TEST(OutputTemplateTest, PercentSignsAreThoseOfVipsthumbnail) {
  const TemplateValues values{.dir = "in", .stem = "a"};
  EXPECT_EQ(rendered("%d/tn_%s.jpg", values), "in/tn_a.jpg");
  EXPECT_EQ(rendered("50%-{stem}%%s.jpg", values), "50%-a%s.jpg");
}

TEST(OutputTemplateTest, LiteralTextMeansItself) {
  EXPECT_EQ(rendered(as_literal("%s{stem}%%/x"), {.stem = "a"}), "%s{stem}%%/x");
}

TEST(OutputTemplateTest, ValuesAreNotReadAsTemplates) {
  EXPECT_EQ(rendered("{stem}.jpg", {.stem = "{dir}%s"}), "{dir}%s.jpg");
}

TEST(OutputTemplateTest, MistakesAreNamed) {
  struct Case {
    std::string text;
    std::string problem;
  };
  const std::vector<Case> cases = {
      {"", "error: the output template names no file"},
      {"out/", "error: the output template names no file"},
      {"{stem", "error: '{' without '}' in the output template (a plain one is '{{')"},
      {"stem}.jpg", "error: '}' without '{' in the output template (a plain one is '}}')"},
      {"{base}.jpg",
       "error: unknown field {base} in the output template; known: {dir} {reldir} {stem} {ext} "
       "{name} {w} {h} {size} {md5} {format}"},
      {"{}.jpg",
       "error: unknown field {} in the output template; known: {dir} {reldir} {stem} {ext} {name} "
       "{w} {h} {size} {md5} {format}"},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(rendered(one.text, {}), one.problem) << one.text;
  }
}

}  // namespace
}  // namespace bulkhead::files
