#include "logs/apache_format.h"

#include <deque>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "logs/time_text.h"

namespace bulkhead::logs {
namespace {

using enum ApacheFormat::Host;
using enum ApacheFormat::Fields;

// Lines live as long as the tests, since requests are views of them.
std::string_view kept(std::string line) {
  static std::deque<std::string> lines;
  return lines.emplace_back(std::move(line));
}

Request parsed(const std::string& line) {
  Request request;
  EXPECT_EQ(ApacheFormat(Absent, Combined).parse(kept(line), request), LineProblem::None) << line;
  return request;
}

LineProblem problem_of(const std::string& line) {
  Request request;
  return ApacheFormat(Absent, Combined).parse(line, request);
}

const std::string& combined() {
  static const std::string line =
      "203.0.113.9 - - [17/May/2015:10:05:03 +0200] \"GET /news?a=1 HTTP/1.1\" 200 512 "
      "\"http://a.example/\" \"Mozilla/5.0 (X11)\"";
  return line;
}

// The combined line with a part of it replaced.
std::string with(std::string_view part, std::string_view replacement) {
  std::string line = combined();
  return line.replace(line.find(part), part.size(), replacement);
}

TEST(ApacheFormatTest, CombinedLineHasAllFields) {
  const Request request = parsed(combined());
  EXPECT_EQ(request.client, "203.0.113.9");
  EXPECT_EQ(request.user, "");
  EXPECT_EQ(moment_text(request.time), "2015-05-17T10:05:03+02:00");
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.path, "/news?a=1");
  EXPECT_EQ(request.protocol, "HTTP/1.1");
  EXPECT_EQ(request.status, 200);
  EXPECT_EQ(request.bytes, 512U);
  EXPECT_EQ(request.referrer, "http://a.example/");
  EXPECT_EQ(request.agent, "Mozilla/5.0 (X11)");
  EXPECT_TRUE(request.is_http);
  EXPECT_FALSE(request.is_repaired);
}

TEST(ApacheFormatTest, DashesAreNothing) {
  const Request request = parsed(with("512 \"http://a.example/\"", "- \"-\""));
  EXPECT_EQ(request.bytes, 0U);
  EXPECT_EQ(request.referrer, "");
}

TEST(ApacheFormatTest, UserMayHaveSpacesAndFieldsMayFollow) {
  EXPECT_EQ(parsed(with("- -", "- Jane Doe")).user, "Jane Doe");
  EXPECT_EQ(parsed(combined() + " 0.003 \"x\"").agent, "Mozilla/5.0 (X11)");
}

TEST(ApacheFormatTest, QuotesInAValueDoNotEndIt) {
  EXPECT_EQ(parsed(with("/news?a=1", "/a\"b \\\" c")).path, "/a\"b \\\" c");
  EXPECT_EQ(parsed(with("http://a.example/", "a\\\"b")).referrer, "a\\\"b");
  EXPECT_EQ(parsed(with("Mozilla", "a\\\\\\\"b")).agent, "a\\\\\\\"b/5.0 (X11)");
}

TEST(ApacheFormatTest, WhatIsNoHttpIsCountedWithItsBytes) {
  for (const char* request : {R"(\x16\x03\x01)", "", "-", "GET /", "SSH-2.0-Go x"}) {
    const Request read = parsed(with("GET /news?a=1 HTTP/1.1", request));
    EXPECT_FALSE(read.is_http) << request;
    EXPECT_EQ(read.path, request);
    EXPECT_EQ(read.status, 200);
  }
}

TEST(ApacheFormatTest, OddLinesAreRepaired) {
  const std::string& line = combined();
  for (const std::string& odd :
       {line.substr(0, line.size() - 1), line + "\r", "\"" + line + "\""}) {
    const Request request = parsed(odd);
    EXPECT_TRUE(request.is_repaired) << odd;
    EXPECT_EQ(request.agent, "Mozilla/5.0 (X11)") << odd;
  }
}

TEST(ApacheFormatTest, BadLinesHaveAReason) {
  EXPECT_EQ(problem_of(""), LineProblem::Empty);
  EXPECT_EQ(problem_of("\r"), LineProblem::Empty);
  EXPECT_EQ(problem_of("hello"), LineProblem::TooFewFields);
  EXPECT_EQ(problem_of("a b c d"), LineProblem::BadTime);
  EXPECT_EQ(problem_of(with("17/May", "32/May")), LineProblem::BadTime);
  EXPECT_EQ(problem_of(with("+0200", "+02x0")), LineProblem::BadTime);
  EXPECT_EQ(problem_of(with("] \"GET", "] GET")), LineProblem::BadRequest);
  EXPECT_EQ(problem_of(with(" 200 ", " 20x ")), LineProblem::BadStatus);
  EXPECT_EQ(problem_of(with(" 200 ", " 2000 ")), LineProblem::TooFewFields);
  EXPECT_EQ(problem_of(with(" 512 ", " 5x2 ")), LineProblem::BadBytes);
  EXPECT_EQ(problem_of(combined().substr(0, combined().find(" 512"))), LineProblem::TooFewFields);
}

TEST(ApacheFormatTest, EveryStartOfALineIsReadOrRefused) {
  for (std::size_t length = 0; length <= combined().size(); ++length) {
    const std::string start = combined().substr(0, length);
    Request request;
    for (const auto host : {Absent, InFront}) {
      for (const auto fields : {Common, Combined}) {
        ApacheFormat(host, fields).parse(start, request);
      }
    }
  }
}

TEST(ApacheFormatTest, CommonAndVirtualHosts) {
  const std::string common = combined().substr(0, combined().find(" \"http"));
  Request request;
  EXPECT_EQ(ApacheFormat(Absent, Common).parse(common, request), LineProblem::None);
  EXPECT_EQ(ApacheFormat(Absent, Common).parse(combined(), request), LineProblem::OtherText);
  EXPECT_EQ(ApacheFormat(InFront, Combined).parse(kept("a.example:80 " + combined()), request),
            LineProblem::None);
  EXPECT_EQ(request.vhost, "a.example:80");
  EXPECT_EQ(request.client, "203.0.113.9");
}

}  // namespace
}  // namespace bulkhead::logs
