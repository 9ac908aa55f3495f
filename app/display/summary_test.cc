#include "display/summary.h"

#include <gtest/gtest.h>

namespace bulkhead::display {
namespace {

using std::chrono::milliseconds;

TEST(SummaryTest, TellsOutcomesSpeedAndLoad) {
  EXPECT_EQ(format_summary({.made = 198,
                            .damaged = 3,
                            .failed = 2,
                            .cost = {.elapsed = milliseconds(1240),
                                     .cpu = milliseconds(2430),
                                     .cores = 2,
                                     .busy = {milliseconds(1215), milliseconds(1200)}}}),
            "198 thumbnails made (3 damaged), 2 failed in 1.24 s: 161 photos/s\n"
            "2 workers, busy 98 % 97 %; 2.43 s of CPU time, 1.96 of 2 cores busy\n");
}

TEST(SummaryTest, CountsInTheSingularAndNamesWhatWasNotTried) {
  EXPECT_EQ(format_summary({.made = 1,
                            .not_tried = 4,
                            .cost = {.elapsed = milliseconds(500),
                                     .cpu = milliseconds(400),
                                     .busy = {milliseconds(300)}}}),
            "1 thumbnail made, 0 failed, 4 not tried in 0.50 s: 2.00 photos/s\n"
            "1 worker, busy 60 %; 0.40 s of CPU time, 0.80 of 1 core busy\n");
}

TEST(SummaryTest, NamesWhatWasLeftOutForItsName) {
  EXPECT_TRUE(format_summary({.made = 2, .left_out = 48})
                  .starts_with("2 thumbnails made, 0 failed, 48 left out as thumbnails in "));
}

TEST(SummaryTest, FailuresAloneHaveNoRate) {
  EXPECT_TRUE(format_summary({.failed = 1}).starts_with("0 thumbnails made, 1 failed in 0.00 s\n"));
}

TEST(SummaryTest, NothingToDoDividesByNothing) {
  EXPECT_EQ(format_summary({.cost = {.cores = 2}}),
            "0 thumbnails made, 0 failed in 0.00 s\n"
            "no workers; 0.00 s of CPU time, 0.00 of 2 cores busy\n");
}

TEST(SummaryTest, ManyWorkersAreToldByTheirExtremes) {
  RunCost cost{.elapsed = milliseconds(100), .cores = 20};
  for (int i = 0; i < 20; ++i) {
    cost.busy.emplace_back(milliseconds(80 + i));
  }
  EXPECT_NE(format_cost(cost).find("20 workers, busy 80 % to 99 %;"), std::string::npos);
}

}  // namespace
}  // namespace bulkhead::display
