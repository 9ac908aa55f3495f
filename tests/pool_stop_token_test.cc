// Tasks that end when a std::stop_source says so.

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <ranges>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "pool_test.h"
#include "signs.h"

namespace bulkhead {
namespace {

using namespace std::chrono_literals;

int run_for_ever(const std::string& started) {
  set_sign(started);
  return victims::sleep_forever();
}
int run_until_asked(const std::string& started) {
  set_sign(started);
  while (!this_task::stop_requested()) {
    std::this_thread::yield();
  }
  return 7;
}
/// Sleeps until its token wakes it.
int sleep_until_stopped(std::stop_token stop, const std::string& started) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  set_sign(started);
  stopped.wait(lock, stop, [] { return false; });
  return ::getpid();
}
int item_that_runs_until_asked(int, const std::string& started) {
  return run_until_asked(started);
}

class PoolStop : public PoolTest {
 protected:
  Signs signs_{"pool-stop"};
  std::stop_source source_;
};

TEST_P(PoolStop, RequestedBeforeSubmitTheTaskNeverStarts) {
  ProcessPoolExecutor executor(options());
  EXPECT_EQ(executor.submit(victims::square, 3).get(), 9);  // A worker waits for it.
  source_.request_stop();
  const auto future =
      executor.submit({.stop = source_.get_token()}, run_for_ever, signs_.name("started"));
  EXPECT_TRUE(future.cancelled());
  EXPECT_EQ(future.outcome().error().attempts, 0U);
  executor.shutdown();
  EXPECT_FALSE(signs_.is_set("started"));
}

TEST_P(PoolStop, EndsWhatRunsAndCancelsWhatWaits) {
  ProcessPoolExecutor executor(1);
  const TaskOptions asked{.stop = source_.get_token()};
  const auto running = executor.submit(asked, run_for_ever, signs_.name("started"));
  const auto waiting = executor.submit(asked, run_for_ever, signs_.name("second"));
  const auto other = executor.submit(victims::square, 3);
  signs_.wait_for("started");
  std::jthread([this] { source_.request_stop(); }).join();
  EXPECT_EQ(running.outcome().error().kind, FailureKind::Cancelled);
  EXPECT_EQ(running.outcome().error().attempts, 1U);
  EXPECT_EQ(waiting.outcome().error().attempts, 0U);
  EXPECT_EQ(other.get(), 9);
  EXPECT_FALSE(signs_.is_set("second"));
}

TEST_P(PoolStop, WithGraceATaskThatLooksKeepsItsWorker) {
  ProcessPoolExecutor executor(1);
  const int worker = executor.submit(victims::process_id).get();
  const auto future = executor.submit({.grace = 1h, .stop = source_.get_token()}, run_until_asked,
                                      signs_.name("started"));
  signs_.wait_for("started");
  source_.request_stop();
  EXPECT_EQ(future.outcome().error().kind, FailureKind::Cancelled);
  EXPECT_EQ(executor.submit(victims::process_id).get(), worker);
}

TEST_P(PoolStop, OfATaskThatIsOverOrForgottenDoesNothing) {
  ProcessPoolExecutor executor(options());
  const TaskOptions asked{.stop = source_.get_token()};
  const auto kept = executor.submit(asked, victims::square, 3);
  for (int i = 0; i < 100; ++i) {
    executor.submit(asked, victims::square, i);
  }
  executor.wait_until_idle(1h);
  source_.request_stop();
  EXPECT_EQ(kept.get(), 9);
  EXPECT_EQ(executor.submit(victims::square, 3).get(), 9);
}

TEST_P(PoolStop, WhileTasksComeAndGoLosesNone) {
  ProcessPoolExecutor executor(options());
  for (int round = 0; round < 50; ++round) {
    std::stop_source source;
    const TaskOptions asked{.grace = 1h, .stop = source.get_token()};
    std::vector<Future<int>> futures;
    std::jthread stopper;
    for (int i = 0; i < 40; ++i) {
      futures.push_back(executor.submit(asked, victims::square, i));
      executor.submit(asked, victims::square, i);  // Nobody holds it.
      if (i == 20) {
        stopper = std::jthread([&source] { source.request_stop(); });
      }
    }
    for (int i = 0; i < 40; ++i) {
      const auto outcome = futures[static_cast<std::size_t>(i)].outcome();
      EXPECT_TRUE(outcome ? *outcome == i * i : outcome.error().kind == FailureKind::Cancelled);
    }
  }
}

TEST_P(PoolStop, OfAMapEndsItsItemsAndTakesNoMore) {
  ProcessPoolExecutor executor(options());
  MapOptions asked;
  asked.each.grace = 1h;
  asked.each.stop = source_.get_token();
  const auto name_of = [this](int item) { return signs_.name("started" + std::to_string(item)); };
  auto results = executor.map(asked, item_that_runs_until_asked, std::views::iota(0),
                              std::views::iota(0) | std::views::transform(name_of));
  signs_.wait_for("started0");
  source_.request_stop();
  std::size_t cancelled = 0;
  std::size_t items = 0;
  for (const auto& outcome : results.outcomes()) {
    ++items;
    cancelled += !outcome && outcome.error().kind == FailureKind::Cancelled ? 1 : 0;
  }
  EXPECT_GT(items, 0U);
  EXPECT_EQ(cancelled, items);
  EXPECT_EQ(executor.submit(victims::square, 3).get(), 9);
}

TEST_P(PoolStop, RequestedBeforeAMapItTakesNothing) {
  ProcessPoolExecutor executor(options());
  source_.request_stop();
  MapOptions asked;
  asked.each.stop = source_.get_token();
  EXPECT_TRUE(executor.map(asked, victims::square, std::views::iota(0)).collect().empty());
}

TEST_P(PoolStop, WakesAFunctionByTheTokenThatItTakes) {
  ProcessPoolExecutor executor(1);
  const int worker = executor.submit(victims::process_id).get();
  for (const char* started : {"first", "second"}) {
    const auto future = executor.submit({.grace = 1h}, sleep_until_stopped, signs_.name(started));
    signs_.wait_for(started);
    EXPECT_TRUE(future.kill());
    EXPECT_EQ(future.outcome().error().kind, FailureKind::Cancelled);
  }
  const auto late =
      executor.submit({.timeout = 20ms, .grace = 1h}, sleep_until_stopped, signs_.name("third"));
  EXPECT_EQ(late.outcome().error().kind, FailureKind::TimedOut);
  EXPECT_EQ(executor.submit(victims::process_id).get(), worker);
}

TEST_P(PoolStop, OfAnEarlierTaskIsNothingToTheTokenOfALaterOne) {
  ProcessPoolExecutor executor(1);
  const auto first = executor.submit({.grace = 1h}, sleep_until_stopped, signs_.name("started"));
  signs_.wait_for("started");
  EXPECT_TRUE(first.kill());
  const auto is_asked = [](std::stop_token stop) { return stop.stop_requested(); };
  for (int i = 0; i < 20; ++i) {
    EXPECT_FALSE(executor.submit({.grace = 1h}, is_asked).get());
  }
}

TEST_P(PoolStop, TokenStandsBeforeTheArgumentsAlsoInAMap) {
  ProcessPoolExecutor executor(options());
  const auto length = [](std::stop_token stop, std::string_view text, int more) {
    return stop.stop_possible() ? static_cast<int>(text.size()) + more : -1;
  };
  const std::vector<std::string> texts{"a", "bb"};
  EXPECT_EQ(executor.map(length, texts, std::views::iota(1)).collect(), (std::vector{2, 4}));
  EXPECT_EQ(executor.map_reduce(length, std::plus<>(), 0, texts, std::views::iota(1)), 6);
  const auto add = [](int bound, const std::stop_token&, int item) { return bound + item; };
  EXPECT_EQ(executor.submit(partial(add, 5), 6).get(), 11);
}

TEST_P(PoolStop, ATaskWithATokenMayHaveAPoolOfItsOwn) {
  ProcessPoolExecutor executor(options());
  const auto nested = [](std::stop_token) {
    ProcessPoolExecutor inner(1);
    return inner.submit(victims::square, 3).get();
  };
  EXPECT_EQ(executor.submit(nested).get(), 9);
}

INSTANTIATE_TEST_SUITE_P(Pools, PoolStop, two_pools(), name_of_kind);

TEST(InlineStop, IsSeenByTheTaskItself) {
  InlineExecutor executor;
  std::stop_source source;
  static std::stop_source* requested_in_task = nullptr;
  requested_in_task = &source;
  const auto ask = [](std::stop_token stop) {
    requested_in_task->request_stop();
    return stop.stop_requested();
  };
  const auto stopped = executor.submit({.stop = source.get_token()}, ask);
  EXPECT_EQ(stopped.outcome().error().kind, FailureKind::Cancelled);
  EXPECT_EQ(stopped.outcome().error().attempts, 1U);
  const auto never = executor.submit({.stop = source.get_token()}, victims::square, 3);
  EXPECT_TRUE(never.cancelled());
  EXPECT_EQ(never.outcome().error().attempts, 0U);
}

}  // namespace
}  // namespace bulkhead
