#include <cstdlib>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "scheduling/fake_pool.h"

namespace bulkhead::scheduling {
namespace {

/// The seed of the first history; that of a failure can be given again by the environment.
std::uint64_t first_seed() {
  if (const char* given = std::getenv("BULKHEAD_TEST_SEED")) {
    return std::strtoull(given, nullptr, 10);
  }
  return std::random_device()();
}

TEST(SchedulerRandomTest, EveryHistoryKeepsThePromises) {
  constexpr std::uint64_t kHistories = 1500;
  const std::uint64_t first = first_seed();
  RecordProperty("seed", std::to_string(first));
  for (std::uint64_t seed = first; seed < first + kHistories; ++seed) {
    FakePool pool(seed);
    const auto broken_promise = pool.play();
    if (broken_promise) {
      std::string story;
      for (const std::string& line : pool.story()) {
        story += "  " + line + "\n";
      }
      FAIL() << "BULKHEAD_TEST_SEED=" << seed << ": " << *broken_promise << "\n" << story;
    }
  }
}

}  // namespace
}  // namespace bulkhead::scheduling
