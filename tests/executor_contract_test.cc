#include "executor_contract.h"

#include "executor_map_contract.h"

namespace bulkhead {
namespace {

struct Inline {
  using Type = InlineExecutor;
  static Type make() { return InlineExecutor(); }
};

template <StartMethod kMethod, unsigned kWorkers>
struct Pool {
  using Type = ProcessPoolExecutor;
  static Type make() {
    return ProcessPoolExecutor({.max_workers = kWorkers, .start_method = kMethod});
  }
};

struct Names {
  template <class Maker>
  static std::string GetName(int) {  // NOLINT(readability-identifier-naming): GoogleTest's name
    return Maker::kName;
  }
};

struct InlineMaker : Inline {
  static constexpr const char* kName = "Inline";
};
struct ForkOne : Pool<StartMethod::Fork, 1> {
  static constexpr const char* kName = "ForkOneWorker";
};
struct ForkFive : Pool<StartMethod::Fork, 5> {
  static constexpr const char* kName = "ForkFiveWorkers";
};
struct SpawnTwo : Pool<StartMethod::Spawn, 2> {
  static constexpr const char* kName = "SpawnTwoWorkers";
};

using Makers = ::testing::Types<InlineMaker, ForkOne, ForkFive, SpawnTwo>;
INSTANTIATE_TYPED_TEST_SUITE_P(All, ExecutorContract, Makers, Names);
INSTANTIATE_TYPED_TEST_SUITE_P(All, ExecutorMapContract, Makers, Names);

}  // namespace
}  // namespace bulkhead
