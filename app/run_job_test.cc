#include "run_job.h"

#include <unistd.h>

#include <csignal>
#include <ranges>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

namespace bulkhead {
namespace {

constexpr RunOptions kInline{.executor = ExecutorKind::Inline};

int doubled(int number) {
  if (number == 3) {
    throw std::runtime_error("three");
  }
  return 2 * number;
}

TEST(RunJobTest, OutcomesComeInTheOrderOfTheTasksFailuresAmongThem) {
  std::vector<int> values;
  const RunReport report =
      run_job(kInline, doubled, std::views::iota(1, 6), [&](const Outcome<int>& outcome) {
        values.push_back(outcome ? *outcome : -1);
        return AfterOutcome::GoOn;
      });
  EXPECT_EQ(values, std::vector<int>({2, 4, -1, 8, 10}));
  EXPECT_EQ(report.interrupted_by, 0);
  EXPECT_GT(report.cpu.count(), 0);
}

TEST(RunJobTest, InterruptionEndsAnEndlessJob) {
  std::size_t done = 0;
  const RunReport report =
      run_job(kInline, doubled, std::views::iota(4), [&](const Outcome<int>& outcome) {
        if (outcome && ++done == 3) {
          ::kill(::getpid(), SIGTERM);
        }
        return AfterOutcome::GoOn;
      });
  EXPECT_EQ(report.interrupted_by, SIGTERM);
  EXPECT_GE(done, 3U);
}

TEST(RunJobTest, OutcomeCanStopTheJob) {
  std::vector<int> values;
  run_job(kInline, doubled, std::views::iota(4), [&](const Outcome<int>& outcome) {
    if (outcome) {
      values.push_back(*outcome);
    }
    return AfterOutcome::Stop;
  });
  EXPECT_EQ(values, std::vector<int>({8}));
}

}  // namespace
}  // namespace bulkhead
