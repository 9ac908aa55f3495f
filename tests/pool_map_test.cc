// What map gives, scenario by scenario.

#include <ranges>
#include <vector>

#include "pool_test.h"

namespace bulkhead {
namespace {

class PoolMap : public PoolTest {};
INSTANTIATE_TEST_SUITE_P(Every, PoolMap, every_pool(), name_of_kind);

TEST_P(PoolMap, OfManyItemsEqualsTheSerialLoop) {
  std::vector<int> expected;
  for (int i = 0; i < 5000; ++i) {
    expected.push_back(victims::square(i));
  }
  ProcessPoolExecutor executor(options());
  EXPECT_EQ(executor.map(victims::square, std::views::iota(0, 5000)).collect(), expected);
}

}  // namespace
}  // namespace bulkhead
