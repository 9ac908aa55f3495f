// Parameters that only look at text or a block of elements: they see it where it arrived.

#include <fstream>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pool_test.h"

namespace bulkhead {
namespace {

/// The address lies in memory that this process may only read and shares with others.
bool is_in_request_memory(const void* address) {
  const auto number = reinterpret_cast<unsigned long>(address);
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    unsigned long first = 0;
    unsigned long end = 0;
    char rights[5] = {};
    if (std::sscanf(line.c_str(), "%lx-%lx %4s", &first, &end, rights) == 3 && first <= number &&
        number < end) {
      return std::string(rights) == "r--s";
    }
  }
  return false;
}

bool sees_text_in_place(std::string_view text) {
  return text == "some text" && is_in_request_memory(text.data());
}
bool sees_block_in_place(std::span<const double> block) {
  return block.size() == 3 && block[2] == 3.5 && is_in_request_memory(block.data());
}
double sum_behind_a_letter(char letter, std::span<const double> block) {
  return std::accumulate(block.begin(), block.end(), letter == 'x' ? 0.0 : 1e9);
}
std::string keep(std::string_view text) {
  return std::string(text);
}

class PoolViews : public PoolTest {};
INSTANTIATE_TEST_SUITE_P(Two, PoolViews, two_pools(), name_of_kind);

TEST_P(PoolViews, TextIsSeenWhereItArrived) {
  ProcessPoolExecutor executor(options());
  EXPECT_TRUE(executor.submit(sees_text_in_place, "some text").get());
  EXPECT_TRUE(executor.submit(sees_text_in_place, std::string("some text")).get());
}

TEST_P(PoolViews, BlockIsSeenWhereItArrived) {
  ProcessPoolExecutor executor(options());
  const std::vector<double> block{1.5, 2.5, 3.5};
  EXPECT_TRUE(executor.submit(sees_block_in_place, block).get());
  EXPECT_TRUE(executor.submit(sees_block_in_place, std::span(block)).get());
}

TEST_P(PoolViews, BlockThatArrivedAtAnOddAddressIsSeenAsACopy) {
  ProcessPoolExecutor executor(options());
  EXPECT_EQ(executor.submit(sum_behind_a_letter, 'x', std::vector<double>{1.5, 2.5, 3.5}).get(),
            7.5);
}

TEST_P(PoolViews, ItemsOfAMapAndArgumentsBehindBoundValuesAreSeenToo) {
  ProcessPoolExecutor executor(options());
  const std::vector<std::vector<double>> blocks{{1.0, 2.0}, {}, {3.0}};
  EXPECT_EQ(executor.map(partial(sum_behind_a_letter, 'x'), blocks).collect(),
            (std::vector<double>{3.0, 0.0, 3.0}));
  const auto join = [](const std::string& a, std::string_view b) { return a + std::string(b); };
  EXPECT_EQ(executor.submit(partial(join, "a"), "b").get(), "ab");
}

TEST_P(PoolViews, LargeTextIsSeenWhole) {
  ProcessPoolExecutor executor(options());
  const std::string text(std::size_t{3} << 20U, 't');
  EXPECT_TRUE(executor.submit(keep, text).get() == text);
}

}  // namespace
}  // namespace bulkhead
