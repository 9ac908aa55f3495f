// The pool of the whole program. It lives to the end of the program, so that nothing else is tested
// here.

#include <cstdlib>
#include <stdexcept>

#include <gtest/gtest.h>

#include <bulkhead/bulkhead.h>

#include "victims.h"

namespace bulkhead {
namespace {

TEST(DefaultPool, IsOneForTheWholeProgram) {
  auto& pool = default_pool();
  EXPECT_EQ(&pool, &default_pool());
  EXPECT_EQ(pool.submit(victims::square, 6).get(), 36);
  EXPECT_EQ(pool.max_workers(), usable_cpus());
}

TEST(DefaultPool, IsReplacedAfterItWasShutDown) {
  auto& first = default_pool();
  first.shutdown();
  auto& second = default_pool();
  EXPECT_NE(&first, &second);
  EXPECT_EQ(second.submit(victims::square, 5).get(), 25);
  EXPECT_THROW(first.submit(victims::square, 5), ShutdownError);
}

TEST(DefaultPool, IsAnotherInAWorker) {
  const auto answer = default_pool().submit(
      [] { return default_pool().submit([] { return this_worker::depth(); }).get(); });
  EXPECT_EQ(answer.get(), 2U);
}

TEST(DefaultPool, StaysAsItIsWhenTheEnvironmentChangesAndFollowsItAfterItsEnd) {
  auto& pool = default_pool();
  const unsigned before = pool.max_workers();
  ::setenv("BULKHEAD_MAX_WORKERS", "7", 1);
  EXPECT_EQ(&default_pool(), &pool);
  EXPECT_EQ(default_pool().max_workers(), before);
  pool.shutdown();
  EXPECT_EQ(default_pool().max_workers(), 7U);
  ::unsetenv("BULKHEAD_MAX_WORKERS");
  EXPECT_EQ(default_pool().max_workers(), 7U);
  default_pool().shutdown();
  EXPECT_EQ(default_pool().max_workers(), usable_cpus());
}

TEST(UsableCpus, AreWhatTheEnvironmentSays) {
  const unsigned before = usable_cpus();
  ::setenv("BULKHEAD_MAX_WORKERS", "3", 1);
  EXPECT_EQ(usable_cpus(), 3U);
  EXPECT_EQ(ProcessPoolExecutor().max_workers(), 3U);
  for (const char* garbage : {"", "0", "-1", "many", "3 ", "99999999999999999999"}) {
    ::setenv("BULKHEAD_MAX_WORKERS", garbage, 1);
    EXPECT_THROW(usable_cpus(), std::invalid_argument) << garbage;
  }
  ::unsetenv("BULKHEAD_MAX_WORKERS");
  EXPECT_EQ(usable_cpus(), before);
}

}  // namespace
}  // namespace bulkhead
