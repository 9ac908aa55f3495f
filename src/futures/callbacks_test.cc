// What the program attaches to a future, and the order in which it is run.

#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "futures/fake_task.h"

namespace bulkhead {
namespace {

struct CallbackTest : testing::Test {
  /// A callback that leaves a note.
  auto note(std::string text) {
    return [this, text](const Future<int>&) { notes.push_back(text); };
  }

  FakeTask<int> task;
  Future<int> future = task.future();
  std::vector<std::string> notes;
};

TEST_F(CallbackTest, IsCalledWithTheFutureWhenItHasAValue) {
  int seen = 0;
  future.add_done_callback([&seen](const Future<int>& done) { seen = done.get(); });
  EXPECT_EQ(seen, 0);
  task.complete(7);
  EXPECT_EQ(seen, 7);
}

TEST_F(CallbackTest, IsCalledWhenTheTaskFails) {
  FailureKind seen{};
  future.add_done_callback([&](const Future<int>& done) { seen = done.outcome().error().kind; });
  task.fail(FailureKind::Crashed);
  EXPECT_EQ(seen, FailureKind::Crashed);
}

TEST_F(CallbackTest, IsCalledWhenTheTaskIsCancelled) {
  bool cancelled = false;
  future.add_done_callback([&](const Future<int>& done) { cancelled = done.cancelled(); });
  task.fail(FailureKind::Cancelled);
  EXPECT_TRUE(cancelled);
}

TEST_F(CallbackTest, OfADoneFutureIsCalledAtOnce) {
  task.complete(7);
  future.add_done_callback(note("at once"));
  EXPECT_EQ(notes, std::vector<std::string>{"at once"});
}

TEST_F(CallbackTest, AreCalledInTheOrderInWhichTheyWereAdded) {
  future.add_done_callback(note("first"));
  future.add_done_callback(note("second"));
  future.add_done_callback(note("third"));
  task.complete(7);
  EXPECT_EQ(notes, (std::vector<std::string>{"first", "second", "third"}));
}

TEST_F(CallbackTest, OneThatThrowsIsReportedAndTheNextIsStillCalled) {
  static std::string thrown;
  const CallbackErrorHandler before = set_callback_error_handler([](std::exception_ptr error) {
    try {
      std::rethrow_exception(error);
    } catch (const std::runtime_error& what) {
      thrown = what.what();
    }
  });
  const std::uint64_t errors = callback_errors();
  future.add_done_callback([](const Future<int>&) { throw std::runtime_error("clumsy"); });
  future.add_done_callback(note("next"));
  task.complete(7);
  set_callback_error_handler(before);
  EXPECT_EQ(thrown, "clumsy");
  EXPECT_EQ(callback_errors(), errors + 1);
  EXPECT_EQ(notes, std::vector<std::string>{"next"});
}

TEST_F(CallbackTest, OneThatThrowsAtOnceDoesNotThrowAtWhoAddsIt) {
  task.complete(7);
  EXPECT_NO_THROW(future.add_done_callback([](const Future<int>&) { throw 1; }));
}

TEST_F(CallbackTest, MayOwnWhatCannotBeCopied) {
  auto owned = std::make_unique<int>(5);
  int seen = 0;
  future.add_done_callback(
      [&seen, owned = std::move(owned)](const Future<int>&) { seen = *owned; });
  task.complete(7);
  EXPECT_EQ(seen, 5);
}

TEST_F(CallbackTest, IsDestroyedWhenItWasCalled) {
  auto kept = std::make_shared<int>(5);
  future.add_done_callback([kept](const Future<int>&) {});
  EXPECT_EQ(kept.use_count(), 2);
  task.complete(7);
  EXPECT_EQ(kept.use_count(), 1);
}

TEST_F(CallbackTest, MayCompleteAnotherFutureWhoseCallbacksThenComeInTurn) {
  const FakeTask<int> other;
  other.future().add_done_callback(note("other"));
  future.add_done_callback([&](const Future<int>&) {
    other.complete(1);
    notes.emplace_back("still in the first");
  });
  task.complete(7);
  EXPECT_EQ(notes, (std::vector<std::string>{"still in the first", "other"}));
}

TEST_F(CallbackTest, ThatCompletesTheNextFutureMakesChainsOfAnyLength) {
  std::vector<FakeTask<int>> chain(100'000);
  for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
    chain[i].future().add_done_callback(
        [&chain, i](const Future<int>&) { chain[i + 1].complete(1); });
  }
  chain.front().complete(1);
  EXPECT_TRUE(chain.back().future().done());
}

}  // namespace
}  // namespace bulkhead
