#include "jobs/thumbnail_report.h"

#include <cstdio>
#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace bulkhead::jobs {
namespace {

class ThumbnailReportTest : public testing::Test {
 protected:
  struct CloseStream {
    void operator()(std::FILE* stream) const { static_cast<void>(std::fclose(stream)); }
  };
  using Stream = std::unique_ptr<std::FILE, CloseStream>;

  static std::string content(std::FILE* stream) {
    std::string text(static_cast<std::size_t>(std::ftell(stream)), '\0');
    std::rewind(stream);
    text.resize(std::fread(text.data(), 1, text.size(), stream));
    return text;
  }
  std::string said() const { return content(out.get()); }
  std::string said_of_errors() const { return content(err.get()); }

  Stream out{std::tmpfile()};
  Stream err{std::tmpfile()};
  display::Console console{out.get(), err.get(), display::Console::Verbosity::Normal};
  files::PlannedOutput photo{{.path = "a\n.jpg"}, {"a\n_thumbnail.jpg"}, {}};
};

TEST_F(ThumbnailReportTest, LineNamesThePhotoAndItsThumbnailWithoutControlCharacters) {
  ThumbnailReport report(console, ReportForm::Lines, 1);
  report.made(photo, {.made = {{}}});
  EXPECT_EQ(said(), "A thumbnail for a\\n.jpg was saved as a\\n_thumbnail.jpg\n");
  EXPECT_EQ(report.counts().made, 1U);
}

TEST_F(ThumbnailReportTest, FailureOfTheTaskIsNamedInBothForms) {
  const Failure failure{.kind = FailureKind::Crashed, .signal = 11, .pid = 4711, .attempts = 2};
  ThumbnailReport report(console, ReportForm::Json, 1);
  report.failed(photo, failure);
  EXPECT_EQ(said_of_errors(), "a\\n.jpg: error: " + failure.message() + "\n");
  EXPECT_EQ(said(), R"({"path":"a\n.jpg","status":"crashed","reason":")" + failure.message() +
                        R"(","worker":4711,"attempt":2})" + "\n");
}

TEST_F(ThumbnailReportTest, StatusTellsTheLimitFromTheCrash) {
  ThumbnailReport report(console, ReportForm::Json, 3);
  report.failed(photo, Failure{.kind = FailureKind::TimedOut});
  report.failed(photo, Failure{.kind = FailureKind::Exited});
  report.failed(photo, Failure{.kind = FailureKind::Exception});
  const std::string lines = said();
  const auto timeout = lines.find("\"timeout\"");
  const auto crashed = lines.find("\"crashed\"");
  const auto failed = lines.find("\"failed\"");
  EXPECT_LT(timeout, crashed);
  EXPECT_LT(crashed, failed);
  EXPECT_NE(failed, std::string::npos);
  EXPECT_EQ(report.counts().failed, 3U);
}

TEST_F(ThumbnailReportTest, DamagedIsMadeAndCountedAndWarnedOf) {
  ThumbnailReport report(console, ReportForm::Json, 1);
  report.made(photo, {.damage = "cut short", .made = {{}}});
  EXPECT_EQ(said_of_errors(), "a\\n.jpg: warning: damaged: cut short\n");
  EXPECT_NE(said().find(R"("status":"damaged","reason":"cut short")"), std::string::npos);
  EXPECT_EQ(report.counts().made, 1U);
  EXPECT_EQ(report.counts().damaged, 1U);
  EXPECT_EQ(report.counts().failed, 0U);
}

}  // namespace
}  // namespace bulkhead::jobs
