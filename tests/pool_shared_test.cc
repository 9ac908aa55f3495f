// Values that many tasks share: each worker gets them once, and reads them where they lie.

#include <sys/resource.h>

#include <csignal>
#include <fstream>
#include <map>
#include <numeric>
#include <ranges>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <bulkhead/inline_executor.h>

#include "pool_test.h"

namespace bulkhead {
namespace {

using Table = std::vector<float>;

float entry(const Shared<Table>& table, int at) {
  return (*table)[static_cast<std::size_t>(at)];
}
char letter(const Shared<std::string>& text, int at) {
  return text->at(static_cast<std::size_t>(at));
}
std::size_t address_of(const Shared<Table>& table, int) {
  return reinterpret_cast<std::size_t>(table->data());
}

/// Mappings of shared values in this process.
int shared_values_here() {
  int found = 0;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    found += line.find("memfd:bulkhead-shared") != std::string::npos ? 1 : 0;
  }
  return found;
}
int shared_values_with(const Shared<Table>&) {
  return shared_values_here();
}
std::size_t write_into(const Shared<Table>& table) {
  const_cast<float&>((*table)[0]) = 7;  // NOLINT: the point of it
  return 0;
}

/// Counts how often it is decoded in this process.
struct Dictionary {
  template <class Archive>
  void serialize(Archive& archive) {
    archive(words);
    if constexpr (std::is_same_v<Archive, Decoder>) {
      ++decoded;
    }
  }
  std::map<std::string, int> words;
  static inline int decoded = 0;  // NOLINT: of a process, which is what is counted
};
int times_decoded(const Shared<Dictionary>& dictionary, const std::string& word) {
  return dictionary->words.at(word) > 0 ? Dictionary::decoded : 0;
}

struct Point {
  double x = 0;
  double y = 0;
};
double x_of(const Shared<Point>& point) {
  return point->x;
}
Shared<Table> same_handle(Shared<Table> table) {
  return table;
}

Table numbers(std::size_t count) {
  Table table(count);
  std::iota(table.begin(), table.end(), 0.0F);
  return table;
}

class PoolShared : public PoolTest {
 protected:
  PoolOptions one_worker() const {
    PoolOptions one = options();
    one.max_workers = 1;
    return one;
  }
};
INSTANTIATE_TEST_SUITE_P(Every, PoolShared, every_pool(), name_of_kind);

TEST_P(PoolShared, VectorIsReadByEveryTask) {
  ProcessPoolExecutor executor(options());
  const auto table = executor.share(numbers(1000));
  for (int at = 0; at < 100; ++at) {
    EXPECT_EQ(executor.submit(entry, table, at).get(), static_cast<float>(at));
  }
}

TEST_P(PoolShared, ValueThatIsBoundIsReadByEveryItemOfAMap) {
  ProcessPoolExecutor executor(options());
  const Shared<std::string> text(std::string("bulkhead"));
  const auto letters = executor.map(partial(letter, text), std::views::iota(0, 8)).collect();
  EXPECT_EQ(std::string(letters.begin(), letters.end()), "bulkhead");
}

TEST_P(PoolShared, HandlesCanBeItemsOfAMap) {
  ProcessPoolExecutor executor(options());
  std::vector<Shared<Point>> points;
  for (int i = 0; i < 500; ++i) {
    points.push_back(share(Point{static_cast<double>(i), 0}));
  }
  double next = 0;
  for (const double x : executor.map(x_of, points)) {
    EXPECT_EQ(x, next++);
  }
}

TEST_P(PoolShared, ValueThatATaskGaveBackIsDroppedToo) {
  ProcessPoolExecutor executor(one_worker());
  for (int i = 0; i < 5; ++i) {
    executor.submit(same_handle, executor.share(numbers(10))).get();
  }
  executor.submit(shared_values_here).get();
  EXPECT_EQ(executor.submit(shared_values_here).get(), 0);
}

struct Unsendable {
  template <class Archive>
  void serialize(Archive& /*archive*/) {
    throw std::runtime_error("not today");
  }
};
int sum_of(const Shared<Table>& table, Unsendable /*never comes*/) {
  return static_cast<int>(table->size());
}

TEST_P(PoolShared, ValueOfATaskThatCouldNotBeSentDoesNotTravelWithTheNext) {
  ProcessPoolExecutor executor(one_worker());
  const auto table = executor.share(numbers(10));
  EXPECT_ANY_THROW(executor.submit(sum_of, table, Unsendable()));
  EXPECT_EQ(executor.submit(shared_values_here).get(), 0);
}

TEST_P(PoolShared, ValueLiesInOnePlaceOfAWorkerForAllTasks) {
  ProcessPoolExecutor executor(one_worker());
  const auto table = share(numbers(1000));
  const auto found = executor.map(partial(address_of, table), std::views::iota(0, 100)).collect();
  EXPECT_EQ(std::set<std::size_t>(found.begin(), found.end()).size(), 1U);
}

TEST_P(PoolShared, OtherTypesAreDecodedOnceInAWorker) {
  ProcessPoolExecutor executor(one_worker());
  const auto dictionary = share(Dictionary{{{"one", 1}, {"two", 2}}});
  const std::vector<std::string> words{"one", "two", "one", "two"};
  for (const int times : executor.map(partial(times_decoded, dictionary), words)) {
    EXPECT_EQ(times, 1);
  }
}

TEST_P(PoolShared, WorkerThatTakesTheDeadOnesPlaceGetsItToo) {
  ProcessPoolExecutor executor(one_worker());
  const auto table = share(numbers(10));
  const auto bound = partial(entry, table);
  EXPECT_EQ(executor.submit(bound, 3).get(), 3.0F);
  EXPECT_THROW(executor.submit(victims::kill_itself).get(), WorkerCrashed);
  EXPECT_EQ(executor.submit(bound, 4).get(), 4.0F);
  EXPECT_EQ(executor.submit(entry, table, 5).get(), 5.0F);
}

TEST_P(PoolShared, WorkersDropItWhenTheLastHandleIsGone) {
  ProcessPoolExecutor executor(one_worker());
  EXPECT_EQ(executor.submit(shared_values_with, share(numbers(10))).get(), 1);
  executor.submit(victims::process_id).get();  // Says that the handle is gone.
  EXPECT_EQ(executor.submit(shared_values_here).get(), 0);
  EXPECT_EQ(shared_values_here(), 0);
}

TEST_P(PoolShared, TaskKeepsItAfterTheLastHandleIsGone) {
  ProcessPoolExecutor executor(one_worker());
  std::vector<Future<float>> futures;
  for (int i = 0; i < 100; ++i) {
    futures.push_back(executor.submit(entry, share(numbers(10)), 7));
  }
  for (const auto& future : futures) {
    EXPECT_EQ(future.get(), 7.0F);
  }
}

TEST_P(PoolShared, MoreThanTheSocketHoldsAreHandedOver) {
  ProcessPoolExecutor executor(one_worker());
  std::vector<Shared<Point>> points;
  std::vector<Future<double>> futures;
  for (int i = 0; i < 800; ++i) {
    points.push_back(share(Point{static_cast<double>(i), 0}));
    futures.push_back(executor.submit(x_of, points.back()));
  }
  for (std::size_t i = 0; i < futures.size(); ++i) {
    EXPECT_EQ(futures[i].get(), static_cast<double>(i));
  }
}

TEST_P(PoolShared, NobodyCanWriteIntoIt) {
  ProcessPoolExecutor executor(one_worker());
  const auto table = share(numbers(10));
  EXPECT_THROW(executor.submit(write_into, table).get(), WorkerCrashed);
  EXPECT_EQ(executor.submit(entry, table, 0).get(), 0.0F);
}

TEST_P(PoolShared, EmptyValueArrives) {
  ProcessPoolExecutor executor(one_worker());
  const auto nothing = share(Table());
  EXPECT_TRUE(nothing->empty());
  EXPECT_EQ(executor.submit([](const Shared<Table>& t) { return t->size(); }, nothing).get(), 0U);
}

TEST_P(PoolShared, HandleCanComeBack) {
  ProcessPoolExecutor executor(one_worker());
  const auto table = share(numbers(10));
  const auto back = executor.submit(same_handle, table).get();
  EXPECT_EQ(back->data(), table->data());
}

TEST(Shared, IsReadInPlaceByAnInlineExecutor) {
  InlineExecutor executor;
  const auto table = share(numbers(10));
  EXPECT_EQ(executor.submit(address_of, table, 0).get(),
            reinterpret_cast<std::size_t>(table->data()));
  const auto values = executor.map(partial(entry, table), std::views::iota(0, 10)).collect();
  EXPECT_EQ(values, numbers(10));
}

TEST(Shared, ShortageIsAnErrorAndNoSignal) {
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{1 << 20, before.rlim_max};
  ::signal(SIGXFSZ, SIG_IGN);
  ::setrlimit(RLIMIT_FSIZE, &small);
  EXPECT_THROW(share(std::string(std::size_t{2} << 20U, 'x')), SerializationError);
  ::setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, SIG_DFL);
  EXPECT_EQ(shared_values_here(), 0);
}

}  // namespace
}  // namespace bulkhead
