// A run of a job in workers, as jobs see it.

#include <chrono>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "run_job.h"

namespace bulkhead {
namespace {

using std::chrono::steady_clock;

// Computes for so many milliseconds.
int compute_for(int milliseconds) {
  const auto end = steady_clock::now() + std::chrono::milliseconds(milliseconds);
  while (steady_clock::now() < end) {
  }
  return milliseconds;
}

TEST(JobSessionTest, RunMayHaveATimeLimitOfItsOwn) {
  JobSession session({.jobs = 1, .timeout = std::chrono::milliseconds(1), .retries = 0});
  std::optional<Outcome<int>> got;
  session.run(
      compute_for, std::vector{300},
      [&](const Outcome<int>& outcome) {
        got = outcome;
        return AfterOutcome::GoOn;
      },
      std::chrono::nanoseconds{0});
  ASSERT_TRUE(got);
  EXPECT_TRUE(got->has_value()) << got->error().message();
}

}  // namespace
}  // namespace bulkhead
