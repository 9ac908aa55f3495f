// Waiting for several futures.

#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <bulkhead/wait.h>

#include "futures/fake_task.h"

namespace bulkhead {
namespace {

using std::chrono::nanoseconds;

struct WaitTest : testing::Test {
  ~WaitTest() override {
    for (const FakeTask<int>& task : {a, b, c, d}) {
      if (!task.future().done()) {
        task.complete(0);
      }
    }
  }

  FakeTask<int> a;
  FakeTask<int> b;
  FakeTask<int> c;
  FakeTask<int> d;
  std::vector<Future<int>> futures{a.future(), b.future(), c.future(), d.future()};
};

using Futures = std::vector<Future<int>>;

TEST_F(WaitTest, ForNothingIsOver) {
  const auto [done, not_done] = wait(Futures());
  EXPECT_TRUE(done.empty() && not_done.empty());
  EXPECT_TRUE(wait(Futures(), ReturnWhen::FirstCompleted).done.empty());
}

TEST_F(WaitTest, ForAllTellsThemApartAtTheLimitInTheirOrder) {
  d.complete(4);
  b.fail(FailureKind::Crashed);
  const auto [done, not_done] = wait(futures, ReturnWhen::AllCompleted, nanoseconds(0));
  EXPECT_EQ(done, (Futures{futures[1], futures[3]}));
  EXPECT_EQ(not_done, (Futures{futures[0], futures[2]}));
}

TEST_F(WaitTest, ReportsAFutureThatIsGivenTwiceOnce) {
  a.complete(1);
  const auto [done, not_done] = wait(Futures{futures[0], futures[1], futures[0], futures[1]},
                                     ReturnWhen::AllCompleted, nanoseconds(0));
  EXPECT_EQ(done, Futures{futures[0]});
  EXPECT_EQ(not_done, Futures{futures[1]});
}

TEST_F(WaitTest, ForTheFirstIsOverIfOneIsDoneAlready) {
  c.complete(3);
  EXPECT_EQ(wait(futures, ReturnWhen::FirstCompleted).done, Futures{futures[2]});
}

TEST_F(WaitTest, ForTheFirstCountsOneThatWasCancelled) {
  c.fail(FailureKind::Cancelled);
  EXPECT_EQ(wait(futures, ReturnWhen::FirstCompleted).done, Futures{futures[2]});
}

TEST_F(WaitTest, ForTheFirstWakesWhenAnotherThreadEndsOne) {
  const std::jthread other([this] { b.complete(2); });
  EXPECT_EQ(wait(futures, ReturnWhen::FirstCompleted).done, Futures{futures[1]});
}

TEST_F(WaitTest, ForTheFirstEndsAtItsLimit) {
  EXPECT_TRUE(wait(futures, ReturnWhen::FirstCompleted, nanoseconds(1000)).done.empty());
}

TEST_F(WaitTest, ForTheFirstExceptionIsOverIfOneHasFailedAlready) {
  a.complete(1);
  b.fail(FailureKind::Crashed);
  EXPECT_EQ(wait(futures, ReturnWhen::FirstException).done, (Futures{futures[0], futures[1]}));
}

TEST_F(WaitTest, ForTheFirstExceptionDoesNotCountOneThatWasCancelled) {
  a.fail(FailureKind::Cancelled);
  EXPECT_EQ(wait(futures, ReturnWhen::FirstException, nanoseconds(1000)).not_done.size(), 3U);
}

TEST_F(WaitTest, ForTheFirstExceptionWakesAtAFailureOnly) {
  const std::jthread other([this] {
    a.complete(1);
    b.fail(FailureKind::Crashed);
  });
  EXPECT_EQ(wait(futures, ReturnWhen::FirstException).done, (Futures{futures[0], futures[1]}));
}

TEST_F(WaitTest, ForTheFirstExceptionIsOverWhenAllHaveEnded) {
  const std::jthread other([this] {
    for (const FakeTask<int>& task : {a, b, c, d}) {
      task.complete(1);
    }
  });
  EXPECT_TRUE(wait(futures, ReturnWhen::FirstException).not_done.empty());
}

TEST_F(WaitTest, ForAFutureThatIsMadeOfOthers) {
  const auto sum = collect(futures).then([](const std::vector<int>& all) { return all.at(0); });
  const std::jthread other([this] {
    for (const FakeTask<int>& task : {a, b, c, d}) {
      task.complete(1);
    }
  });
  EXPECT_TRUE(wait(std::vector{sum}).not_done.empty());
}

struct AsCompletedTest : WaitTest {
  /// What a range gives, "timeout: MESSAGE" for its exception.
  template <class Range>
  std::vector<std::string> given_by(Range completed) {
    std::vector<std::string> given;
    try {
      for (const auto& future : completed) {
        const auto at = std::find(futures.begin(), futures.end(), future);
        given.emplace_back(1, "abcd"[at - futures.begin()]);
      }
    } catch (const TimeoutError& error) {
      given.emplace_back(error.what());
    }
    return given;
  }
  using Given = std::vector<std::string>;
};

TEST_F(AsCompletedTest, GivesThoseThatAreDoneAlreadyFirst) {
  d.complete(4);
  b.complete(2);
  auto completed = as_completed(futures);
  c.complete(3);
  a.complete(1);
  EXPECT_EQ(given_by(std::move(completed)), (Given{"b", "d", "c", "a"}));
}

TEST_F(AsCompletedTest, GivesTheOthersWhenTheyEnd) {
  const std::jthread other([this] {
    for (const FakeTask<int>& task : {c, a, d, b}) {
      task.complete(1);
    }
  });
  auto given = given_by(as_completed(futures));
  EXPECT_EQ(std::multiset<std::string>(given.begin(), given.end()),
            (std::multiset<std::string>{"a", "b", "c", "d"}));
}

TEST_F(AsCompletedTest, GivesAFutureThatIsGivenTwiceOnce) {
  a.complete(1);
  EXPECT_EQ(given_by(as_completed(Futures{futures[0], futures[0]})), Given{"a"});
}

TEST_F(AsCompletedTest, OfNothingIsEmpty) {
  EXPECT_TRUE(given_by(as_completed(Futures())).empty());
}

TEST_F(AsCompletedTest, ThrowsAtTheLimitAfterThoseThatAreDone) {
  d.complete(4);
  b.complete(2);
  EXPECT_EQ(given_by(as_completed(futures, nanoseconds(0))),
            (Given{"b", "d", "timed out after 0 ms: 2 (of 4) futures unfinished"}));
  EXPECT_EQ(given_by(as_completed(futures, std::chrono::milliseconds(1))),
            (Given{"b", "d", "timed out after 1 ms: 2 (of 4) futures unfinished"}));
}

TEST_F(AsCompletedTest, KeepsNothingThatItHasGiven) {
  const FakeTask<int> task;
  task.complete(1);
  std::weak_ptr<detail::FutureState> state;
  auto completed = as_completed([&task, &state] {
    state = task.future().state();
    return Futures{task.future()};
  }());
  const long before = state.use_count();
  auto iterator = completed.begin();
  ++iterator;
  EXPECT_EQ(state.use_count(), before - 1);
}

TEST_F(AsCompletedTest, MayBeLeftEarly) {
  a.complete(1);
  for (const auto& future : as_completed(futures)) {
    EXPECT_EQ(future, futures[0]);
    break;
  }
  b.complete(2);
  EXPECT_EQ(futures[1].get(), 2);
}

}  // namespace
}  // namespace bulkhead
