#include "jobs/extract_plan.h"

#include <cstdio>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "files/temporary_folder.h"

namespace bulkhead::jobs {
namespace {

struct CloseStream {
  void operator()(std::FILE* stream) const { static_cast<void>(std::fclose(stream)); }
};

TEST(ExtractPlanTest, RestOfATableThatCannotBeReadIsLeftOutAndTold) {
  constexpr std::size_t kPortionBytes = std::size_t{1} << 20U;
  const files::TemporaryFolder folder;
  // It was found as a table that can be cut, and is a packed one when it is read: "a\n1\n", and
  // what is damaged behind it.
  const std::string packed(
      "\x1F\x8B\x08\0\0\0\0\0\0\x03\x4B\xE4\x32\xE4\x02\0"
      "\0\x24\xC1\x89\x04\0\0\0",
      24);
  const RecordInputs inputs{
      .files = {{.path = folder.write("a", packed + std::string(3 * kPortionBytes, 'x')),
                 .name = "a",
                 .bytes = 3 * kPortionBytes,
                 .can_be_cut = true}},
      .bytes = 3 * kPortionBytes};
  const std::unique_ptr<std::FILE, CloseStream> sink(std::tmpfile());
  display::Console console(sink.get(), sink.get(), display::Console::Verbosity::Quiet);
  auto rejects = RejectsFile::create(folder / "rejects");
  ASSERT_TRUE(rejects.has_value());
  RecordReport report(console, *rejects, inputs, "record");
  const RunOptions options{.executor = ExecutorKind::Inline, .jobs = 1};
  ExtractPlan plan(options, inputs, report);
  extract::ExtractQuery query;
  plan.make(query);
  ASSERT_EQ(plan.batches().size(), 1U);
  EXPECT_EQ(plan.batches()[0][0].begin, 0U);
  EXPECT_FALSE(report.is_clean());
  EXPECT_TRUE(rejects->publish().has_value());
  EXPECT_EQ(folder.read("rejects"),
            "{\"file\":\"a\",\"reason\":\"not read from byte 1048576 on: is damaged: incorrect "
            "header check\"}\n");
}

}  // namespace
}  // namespace bulkhead::jobs
