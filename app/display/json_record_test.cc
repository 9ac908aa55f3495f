#include "display/json_record.h"

#include <string>

#include <gtest/gtest.h>

namespace bulkhead::display {
namespace {

TEST(JsonRecordTest, MembersKeepTheirOrder) {
  JsonRecord record;
  record.add("z", "text");
  record.add("a", std::int64_t{-3});
  record.add("m", 1.23456);
  EXPECT_EQ(record.line(), R"({"z":"text","a":-3,"m":1.235})");
}

TEST(JsonRecordTest, QuotesAndControlCharactersAreEscaped) {
  JsonRecord record;
  record.add("path", "a\"\\\n\x01");
  EXPECT_EQ(record.line(), R"({"path":"a\"\\\n\u0001"})");
}

TEST(JsonRecordTest, PathThatIsNotUtf8IsReadableAndExact) {
  JsonRecord record;
  record.add_path("path", "a\xFF.jpg");
  record.add_path("output", "\xC3\xBC.jpg");
  EXPECT_EQ(record.line(),
            "{\"path\":\"a\xEF\xBF\xBD.jpg\",\"path_hex\":\"61ff2e6a7067\","
            "\"output\":\"\xC3\xBC.jpg\"}");
}

TEST(JsonRecordTest, MemberIsGivenAsText) {
  JsonRecord record;
  record.add_path("path", "a\xFF\"\n.jpg");
  record.add("ms", 1.5);
  record.add("worker", std::int64_t{12});
  EXPECT_EQ(record.text("path"), "a\xFF\"\n.jpg");
  EXPECT_EQ(record.text("ms"), "1.5");
  EXPECT_EQ(record.text("worker"), "12");
  EXPECT_EQ(record.text("output"), "");
}

TEST(JsonRecordTest, LineIsReadBackAsWhatItWas) {
  JsonRecord record;
  record.add("reason", "bad \xFE byte");
  const auto parsed = nlohmann::json::parse(record.line());
  EXPECT_EQ(parsed.at("reason"), "bad \xEF\xBF\xBD byte");
}

}  // namespace
}  // namespace bulkhead::display
