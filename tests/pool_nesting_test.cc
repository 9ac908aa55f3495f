// Pools in workers, and what belongs to another process.

#include <sys/wait.h>

#include <optional>
#include <ranges>
#include <sstream>

#include "gate.h"
#include "pool_test.h"
#include "process_end.h"

namespace bulkhead {
namespace {

using namespace std::chrono_literals;

class PoolNesting : public PoolTest {};
INSTANTIATE_TEST_SUITE_P(Pools, PoolNesting, two_pools(), name_of_kind);

// ---- pools in workers

int sum_of_squares_in_a_pool_of_its_own(int limit) {
  ProcessPoolExecutor executor(2);
  int sum = 0;
  for (const int square : executor.map(victims::square, std::views::iota(0, limit))) {
    sum += square;
  }
  return sum;
}

TEST_P(PoolNesting, ATaskMayUseAPoolOfItsOwn) {
  ProcessPoolExecutor executor(options());
  std::vector<Future<int>> futures;
  for (int i = 0; i < 6; ++i) {
    futures.push_back(executor.submit(sum_of_squares_in_a_pool_of_its_own, 10));
  }
  for (const auto& future : futures) {
    EXPECT_EQ(future.get(), 285);
  }
}

unsigned deepest_below() {
  try {
    ProcessPoolExecutor executor(1);
    return executor.submit(deepest_below).get();
  } catch (const StartError& error) {
    if (std::string(error.what()).find("nested 10 deep already") == std::string::npos) {
      return 0;
    }
    return this_worker::depth();
  }
}

TEST_P(PoolNesting, PoolsAreNestedToADepthOfTen) {
  ProcessPoolExecutor executor(options());
  EXPECT_EQ(executor.submit(deepest_below).get(), 10U);
}

int hang_in_a_pool_of_its_own(const std::string& gate) {
  ProcessPoolExecutor executor(1);
  return executor.submit(Gate::pass, gate).get();
}

TEST_P(PoolNesting, AKilledWorkerTakesItsPoolAlong) {
  const Gate gate;
  ProcessPoolExecutor executor(options());
  const auto outer = executor.submit(hang_in_a_pool_of_its_own, gate.name());
  const int inner_worker = gate.await_arrival();
  executor.kill_workers();
  EXPECT_THROW(outer.get(), WorkerCrashed);
  EXPECT_TRUE(ends(inner_worker));
}

TEST_P(PoolNesting, ATaskThatIsStoppedAtItsLimitTakesItsPoolAlong) {
  const Gate gate;
  ProcessPoolExecutor executor(options());
  const auto outer = executor.submit({.timeout = 200ms}, hang_in_a_pool_of_its_own, gate.name());
  const int inner_worker = gate.await_arrival();
  EXPECT_THROW(outer.get(), TimeoutError);
  EXPECT_TRUE(ends(inner_worker));
}

// ---- what belongs to another process

std::optional<ProcessPoolExecutor> pool_of_the_program;  // NOLINT: seen by forked workers
std::optional<Future<int>> future_of_the_program;        // NOLINT

/// "ok" if the function throws WrongProcess.
template <class F>
std::string refusal_of(F function) {
  try {
    function();
  } catch (const WrongProcess&) {
    return "ok";
  }
  return "used";
}

std::string printed_future_of_the_program() {
  std::ostringstream out;
  out << *future_of_the_program;
  return out.str();
}

TEST(PoolOfAnotherProcess, RefusesToWorkInAWorkerInsteadOfHanging) {
  pool_of_the_program.emplace(PoolOptions{.max_workers = 1, .start_method = StartMethod::Fork});
  const Gate gate;
  future_of_the_program = pool_of_the_program->submit(Gate::pass, gate.name());
  gate.await_arrival();
  {
    // Its workers see the pool and the future as they were when it was made.
    ProcessPoolExecutor executor({.max_workers = 1, .start_method = StartMethod::Fork});
    const std::vector<std::string> refusals =
        executor
            .submit([] {
              auto& pool = *pool_of_the_program;
              const std::vector<int> items{1};
              return std::vector{
                  refusal_of([&] { pool.submit(victims::square, 1); }),
                  refusal_of([&] { pool.map(victims::square, items).collect(); }),
                  refusal_of([&] { pool.shutdown(); }),
                  refusal_of([&] { pool.kill_workers(); }),
                  refusal_of([&] { pool.boot_up(); }),
                  refusal_of([&] { pool.resize(2); }),
                  refusal_of([&] { (void)pool.stats(); }),
                  refusal_of([&] { (void)pool.max_workers(); }),
                  refusal_of([&] { pool.wait_until_idle(1h); }),
                  refusal_of([&] { future_of_the_program->get(); }),
              };
            })
            .get();
    EXPECT_EQ(refusals, std::vector<std::string>(10, "ok"));
    EXPECT_FALSE(executor.submit([] { return future_of_the_program->cancel(); }).get());
    executor.submit([] { (void)future_of_the_program->kill(); }).get();
    EXPECT_FALSE(executor.submit([] { return future_of_the_program->running(); }).get());
    EXPECT_FALSE(executor.submit([] { return future_of_the_program->progress(); }).get());
    EXPECT_EQ(executor.submit(printed_future_of_the_program).get(), "<Future pending>");
  }
  gate.open();
  EXPECT_GT(future_of_the_program->get(), 0);
  future_of_the_program.reset();
  pool_of_the_program.reset();
}

TEST(PoolOfAnotherProcess, AForkedChildThatDestroysThePoolDoesItNoHarm) {
  auto executor = std::make_unique<ProcessPoolExecutor>(1);
  auto results = std::make_optional(executor->map(victims::square, std::views::iota(0)));
  EXPECT_EQ(executor->submit(victims::square, 2).get(), 4);
  const pid_t child = ::fork();
  if (child == 0) {
    results.reset();
    executor.reset();
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(executor->submit(victims::square, 3).get(), 9);
}

}  // namespace
}  // namespace bulkhead
