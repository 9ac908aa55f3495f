#include "logs/detect_format.h"

#include <gtest/gtest.h>

namespace bulkhead::logs {
namespace {

constexpr const char* kCommon =
    "1.2.3.4 - - [17/May/2015:10:05:03 +0000] \"GET /a HTTP/1.1\" 200 12";
const std::string kCombined = std::string(kCommon) + " \"-\" \"agent\"";
const std::string kJson =
    "{\"remote_addr\":\"1.2.3.4\",\"time_iso8601\":\"2015-05-17T10:05:03+00:00\","
    "\"request\":\"GET /a HTTP/1.1\",\"status\":\"200\",\"body_bytes_sent\":12,"
    "\"request_time\":0.25}";

// With room behind each line, as readers of files have.
std::string detected(const std::vector<std::string>& lines) {
  std::vector<std::string> padded = lines;
  for (std::string& line : padded) {
    line.reserve(line.size() + 64);
  }
  FormatDetector detector;
  for (const std::string& line : padded) {
    detector.add(line);
  }
  const auto format = detector.best();
  return format ? std::string(format->name()) : "none";
}

TEST(DetectFormatTest, MostLinesDecide) {
  EXPECT_EQ(detected({kCombined, kCommon, kCombined}), "combined");
  EXPECT_EQ(detected({kCommon}), "common");
  EXPECT_EQ(detected({"host:80 " + kCombined, "odd"}), "vcombined");
  EXPECT_EQ(detected({std::string("host ") + kCommon}), "vcommon");
  EXPECT_EQ(detected({"odd", kJson}), "json");
  EXPECT_EQ(detected({"[Sun Dec 04 04:47:44 2005] [error] mod_jk child"}), "none");
  EXPECT_EQ(detected({}), "none");
}

TEST(DetectFormatTest, EachNameMakesItsFormat) {
  for (const std::string& name : format_names()) {
    EXPECT_EQ((*make_format(name))->name(), name);
  }
  EXPECT_EQ(make_format("Combined").error(), "there is no format 'Combined'");
  EXPECT_EQ((*make_format("%h %x %r"))->name(), "%h %x %r");
}

TEST(JsonFormatTest, MembersAreReadByTheirNames) {
  std::string line = kJson;
  line.reserve(line.size() + 64);
  Request request;
  const auto format = *make_format("json");
  ASSERT_EQ(format->parse(line, request), LineProblem::None);
  EXPECT_EQ(request.client, "1.2.3.4");
  EXPECT_EQ(request.path, "/a");
  EXPECT_EQ(request.status, 200);
  EXPECT_EQ(request.bytes, 12U);
  EXPECT_EQ(request.microseconds, 250'000);
  EXPECT_EQ(request.time.second, 10 * 3600 + 5 * 60 + 3);
}

TEST(JsonFormatTest, WhatIsMissingIsNamed) {
  const auto format = *make_format("json");
  const auto problem_of = [&](std::string line) {
    line.reserve(line.size() + 64);
    Request request;
    return format->parse(line, request);
  };
  EXPECT_EQ(problem_of("{\"status\":200"), LineProblem::BadJson);
  EXPECT_EQ(problem_of("[1]"), LineProblem::BadJson);
  EXPECT_EQ(problem_of("{}"), LineProblem::BadTime);
  EXPECT_EQ(problem_of("{\"time\":1431857103}"), LineProblem::BadStatus);
  EXPECT_EQ(problem_of("{\"time\":1431857103,\"status\":200,\"bytes\":-1}"), LineProblem::BadBytes);
  EXPECT_EQ(problem_of("{\"time\":1431857103,\"status\":200,\"bytes\":9007199254740993}"),
            LineProblem::BadBytes);
  EXPECT_EQ(problem_of("{\"time\":1431857103,\"status\":200,\"bytes\":1}"),
            LineProblem::TooFewFields);
}

}  // namespace
}  // namespace bulkhead::logs
