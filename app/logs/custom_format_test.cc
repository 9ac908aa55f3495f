#include "logs/custom_format.h"

#include <gtest/gtest.h>

#include "logs/time_text.h"

namespace bulkhead::logs {
namespace {

struct Read {
  LineProblem problem = LineProblem::None;
  Request request;
};

Read read(const std::string& format, std::string_view line) {
  auto made = CustomFormat::parse_text(format);
  EXPECT_TRUE(made) << (made ? "" : made.error());
  Read read;
  read.problem = made ? made->parse(line, read.request) : LineProblem::OtherText;
  return read;
}

std::string problem_of(const std::string& format) {
  const auto made = CustomFormat::parse_text(format);
  return made ? "" : made.error();
}

TEST(CustomFormatTest, FieldsAreFoundByTheTextBetweenThem) {
  constexpr std::string_view kLine =
      "host 1.2.3.4 - [17/May/2015:10:05:03 +0000] \"GET /a HTTP/1.1\" 200 12 \"r\" "
      "\"an \\\"odd\\\" agent\" 0.250";
  const auto [problem, request] = read("%v %h %^[%d:%t %^] \"%r\" %s %b \"%R\" \"%u\" %T", kLine);
  ASSERT_EQ(problem, LineProblem::None);
  EXPECT_EQ(request.vhost, "host");
  EXPECT_EQ(request.client, "1.2.3.4");
  EXPECT_EQ(moment_text(request.time), "2015-05-17T10:05:03");  // No specifier is for a zone.
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.path, "/a");
  EXPECT_EQ(request.status, 200);
  EXPECT_EQ(request.bytes, 12U);
  EXPECT_EQ(request.agent, "an \\\"odd\\\" agent");
  EXPECT_EQ(request.microseconds, 250'000);
}

TEST(CustomFormatTest, UnitsOfTime) {
  EXPECT_EQ(read("%x %h %U %D", "1431857103 c /a 250").request.microseconds, 250);
  EXPECT_EQ(read("%x %h %U %L", "1431857103 c /a 250").request.microseconds, 250'000);
  EXPECT_EQ(read("%x %h %U %n", "1431857103 c /a 250000").request.microseconds, 250);
  EXPECT_EQ(read("%x %h %U %T", "1431857103 c /a -").request.microseconds, Request::kNoDuration);
}

TEST(CustomFormatTest, SpacesAndPercentSigns) {
  EXPECT_EQ(read("%h%%%~%x %U", "c%   1431857103 /a").request.client, "c");
  EXPECT_EQ(read("<%h>%~|%x %U", "<c>   |1431857103 /a").problem, LineProblem::None);
  EXPECT_EQ(read("%h%% %x %U", "c% 1431857103 /a").request.client, "c");
}

TEST(CustomFormatTest, BadLinesHaveAReason) {
  EXPECT_EQ(read("%h %x %U", "").problem, LineProblem::Empty);
  EXPECT_EQ(read("%h %x %U", "c").problem, LineProblem::TooFewFields);
  EXPECT_EQ(read("%h %x %U", "c soon /a").problem, LineProblem::BadTime);
  EXPECT_EQ(read("%h %x %U %s", "c 1431857103 /a ok").problem, LineProblem::BadStatus);
  EXPECT_EQ(read("<%h> %x %U", "c 1431857103 /a").problem, LineProblem::OtherText);
}

TEST(CustomFormatTest, BadFormatsAreNamed) {
  EXPECT_EQ(problem_of("%Z"), "%Z is no specifier");
  EXPECT_EQ(problem_of("%h %"), std::string("%\0 is no specifier", 18));
  EXPECT_EQ(problem_of("%h%x"), "nothing between %h and %x");
  EXPECT_EQ(problem_of("%h %U"), "there is no time: %x, or %d and %t");
  EXPECT_EQ(problem_of("%x %h"), "there is no client (%h) or no request (%r or %U)");
}

}  // namespace
}  // namespace bulkhead::logs
