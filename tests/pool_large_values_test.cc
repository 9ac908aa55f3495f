// Arguments and results of any size: they arrive whole, and nothing is left of them.

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include "pool_test.h"

namespace bulkhead {
namespace {

constexpr std::size_t kFragment = 64 * 1024;
constexpr std::size_t kRing = 4 * kFragment;
constexpr std::size_t kMegabyte = std::size_t{1} << 20U;

/// Text that differs from place to place, so that a lost or doubled piece is seen.
std::string pattern(std::size_t bytes) {
  std::string piece;
  std::uint32_t state = 1;
  while (piece.size() < 4099) {
    state = state * 1664525U + 1013904223U;
    piece += static_cast<char>(state >> 24U);
  }
  std::string text;
  for (text.reserve(bytes); text.size() < bytes;) {
    text.append(piece, 0, bytes - text.size());
  }
  return text;
}
std::string same(const std::string& text) {
  return text;
}
std::size_t size_of(const std::string& text) {
  return text.size();
}
std::string make(std::size_t bytes) {
  return std::string(bytes, 'x');
}
bool is_there(const std::string& file, const std::string&) {
  while (!std::ifstream(file).good()) {
    std::this_thread::yield();
  }
  return true;
}

/// Bytes of memory that this process has in use.
std::size_t memory_in_use() {
  std::ifstream numbers("/proc/self/statm");
  std::size_t all = 0;
  std::size_t resident = 0;
  numbers >> all >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::size_t free_memory() {
  std::ifstream rows("/proc/meminfo");
  std::string name;
  std::string unit;
  for (std::size_t kilobytes = 0; rows >> name >> kilobytes >> unit;) {
    if (name == "MemAvailable:") {
      return kilobytes * 1024;
    }
  }
  return 0;
}

PoolOptions with_one_worker(PoolOptions options) {
  options.max_workers = 1;
  return options;
}

class PoolLargeValues : public PoolTest {};
INSTANTIATE_TEST_SUITE_P(Two, PoolLargeValues, two_pools(), name_of_kind);

TEST_P(PoolLargeValues, OfEverySizeAroundABoundaryComeBackAsTheyWere) {
  ProcessPoolExecutor executor(options());
  // A value of so many characters takes 8 bytes more, and a fragment 16 bytes for its header.
  for (const std::size_t boundary : {std::size_t{0}, kFragment, kRing, 16 * kRing}) {
    for (const std::size_t around : {0, 7, 8, 9, 15, 16, 17, 24, 25}) {
      for (const std::size_t bytes : {boundary + around, boundary - around}) {
        if (bytes > 64 * kRing) {
          continue;  // Less than nothing.
        }
        const std::string text = pattern(bytes);
        ASSERT_TRUE(executor.submit(same, text).get() == text) << bytes;
      }
    }
  }
}

TEST_P(PoolLargeValues, OfAHundredMegabytesComeBackAsTheyWere) {
  ProcessPoolExecutor executor(options());
  const std::string text = pattern(100 * kMegabyte + 1);
  EXPECT_TRUE(executor.submit(same, text).get() == text);
}

TEST_P(PoolLargeValues, OfAMapComeBackInTheOrderOfItsInput) {
  ProcessPoolExecutor executor(options());
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < 40; ++i) {
    texts.push_back(pattern(i * 100'003));
  }
  EXPECT_TRUE(executor.map(same, texts).collect() == texts);
}

TEST_P(PoolLargeValues, PassThroughTwoPoolsAtOnce) {
  ProcessPoolExecutor first(options());
  ProcessPoolExecutor second(PoolOptions{.max_workers = 2, .start_method = StartMethod::Spawn});
  const std::string text = pattern(8 * kMegabyte);
  std::vector<Future<std::string>> futures;
  for (int i = 0; i < 4; ++i) {
    futures.push_back(first.submit(same, text));
    futures.push_back(second.submit(same, text));
  }
  for (const auto& future : futures) {
    EXPECT_TRUE(future.get() == text);
  }
}

TEST_P(PoolLargeValues, ArgumentIsSentAgainWhenItsWorkerDiesWhileItTravels) {
  ProcessPoolExecutor executor(with_one_worker(options()));
  const std::string text = pattern(100 * kMegabyte);
  const auto dies = executor.submit(victims::kill_itself);
  const auto comes = executor.submit(same, text);
  EXPECT_THROW(dies.get(), WorkerCrashed);
  EXPECT_TRUE(comes.get() == text);
}

TEST_P(PoolLargeValues, WorkerThatDiesWhileItsResultTravelsFailsThatTaskAlone) {
  ProcessPoolExecutor executor(with_one_worker(options()));
  EXPECT_THROW(executor.submit(victims::die_while_replying, 100 * kMegabyte).get(), WorkerCrashed);
  EXPECT_EQ(executor.submit(make, kMegabyte).get().size(), kMegabyte);
}

TEST_P(PoolLargeValues, TaskWhoseArgumentIsOnItsWayCanBeCancelled) {
  ProcessPoolExecutor executor(with_one_worker(options()));
  const std::string file = ::testing::TempDir() + "bulkhead-large-" + std::to_string(::getpid());
  const auto busy = executor.submit(is_there, file, std::string());
  const auto waits = executor.submit(size_of, std::string(10 * kMegabyte, 'x'));
  const auto behind = executor.submit(size_of, std::string(3, 'x'));
  EXPECT_TRUE(waits.cancel());
  std::ofstream(file).close();
  EXPECT_TRUE(busy.get());
  EXPECT_EQ(behind.get(), 3U);
  EXPECT_TRUE(waits.cancelled());
  std::filesystem::remove(file);
}

TEST_P(PoolLargeValues, LeaveNoMemoryBehind) {
  if (kSanitized) {
    GTEST_SKIP() << "a sanitizer keeps freed memory";
  }
  constexpr std::size_t kBytes = 4 * kMegabyte;
  ProcessPoolExecutor executor(with_one_worker(options()));
  const std::string text(kBytes, 'x');
  const auto pass = [&](int times) {
    for (int i = 0; i < times; ++i) {
      ASSERT_EQ(executor.submit(same, text).get().size(), kBytes);
    }
  };
  pass(20);
  const std::size_t here = memory_in_use();
  const std::size_t there = executor.submit(memory_in_use).get();
  pass(100);
  EXPECT_LT(memory_in_use(), here + 10 * kBytes);
  EXPECT_LT(executor.submit(memory_in_use).get(), there + 10 * kBytes);
}

class PoolHugeValues : public PoolTest {};
INSTANTIATE_TEST_SUITE_P(One, PoolHugeValues, ::testing::Values(PoolKind{StartMethod::Spawn, 1}),
                         name_of_kind);

TEST_P(PoolHugeValues, OfMoreThanTwoGigabytesArrive) {
  constexpr std::size_t kBytes = 2'200'000'000;
  if (kSanitized || free_memory() < 6 * kBytes) {
    GTEST_SKIP() << "needs 13 GB of free memory";
  }
  ProcessPoolExecutor executor(options());
  EXPECT_EQ(executor.submit(size_of, std::string(kBytes, 'x')).get(), kBytes);
}

/// 9 GiB of memory that cannot even be looked at: whoever refuses it does so by its size alone.
class TooLarge {
 public:
  template <class Archive>
  void serialize(Archive& archive) {
    if constexpr (std::is_same_v<Archive, Encoder>) {
      constexpr std::size_t kBytes = std::size_t{9} << 30U;
      void* const nothing =
          ::mmap(nullptr, kBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
      EXPECT_NE(nothing, MAP_FAILED);
      const std::unique_ptr<void, void (*)(void*)> unmapped(
          nothing, [](void* memory) { ::munmap(memory, kBytes); });
      archive.raw(nothing, kBytes);
    }
  }

 private:
  std::string kind_;
};

class PoolTooLargeValues : public PoolTest {
 protected:
  static bool is_of_its_size(const Failure& failure) {
    return failure.kind == FailureKind::Serialization &&
           failure.message().find("more than the 8 GiB") != std::string::npos;
  }
  /// What the call throws says that it is of the size.
  template <class Call>
  static void expect_refused(Call call) {
    try {
      call();
      ADD_FAILURE() << "it was taken";
    } catch (const SerializationError& error) {
      EXPECT_TRUE(is_of_its_size(error.failure)) << error.what();
    }
  }
};
INSTANTIATE_TEST_SUITE_P(Two, PoolTooLargeValues, two_pools(), name_of_kind);

int ignore(const TooLarge&) {
  return 0;
}
int ignore_first(const TooLarge&, int second) {
  return second;
}
TooLarge make_too_large() {
  return {};
}

TEST_P(PoolTooLargeValues, FailTheirOwnSubmitAndThePoolIsWhole) {
  ProcessPoolExecutor executor(with_one_worker(options()));
  const int worker = executor.submit(victims::process_id).get();
  expect_refused([&] { (void)executor.submit(ignore, TooLarge()); });
  expect_refused([&] { (void)executor.submit(partial(ignore_first, TooLarge()), 1); });
  expect_refused([&] { (void)executor.map(ignore, std::vector<TooLarge>(2)).collect(); });
  EXPECT_EQ(executor.submit(victims::process_id).get(), worker);
}

TEST_P(PoolTooLargeValues, AsResultsFailTheirTaskAndItsWorkerLives) {
  ProcessPoolExecutor executor(with_one_worker(options()));
  const int worker = executor.submit(victims::process_id).get();
  const auto outcome = executor.submit(make_too_large).outcome();
  ASSERT_FALSE(outcome.has_value());
  EXPECT_TRUE(is_of_its_size(outcome.error())) << outcome.error().message();
  EXPECT_EQ(executor.submit(victims::process_id).get(), worker);
}

}  // namespace
}  // namespace bulkhead
