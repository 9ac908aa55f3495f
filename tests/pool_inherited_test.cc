// Values that workers have because they are forked from the program.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "pool_test.h"

namespace bulkhead {
namespace {

class PoolInherited : public PoolTest {};
INSTANTIATE_TEST_SUITE_P(Each, PoolInherited, testing::Values(PoolKind{StartMethod::Fork, 2}),
                         name_of_kind);

/// Nothing of this could be sent to a worker.
struct Index {
  std::function<int(int)> rank;
  std::unique_ptr<const std::string> name;
};

Inherited<Index> make_index(int factor) {
  return Inherited<Index>(
      {[factor](int key) { return factor * key; }, std::make_unique<std::string>("index")});
}

int look_up(const Inherited<Index>& index, int key) {
  return index->rank(key);
}

TEST_P(PoolInherited, ValuesMayBeOfAnyType) {
  const auto index = make_index(3);
  ProcessPoolExecutor executor(options());
  EXPECT_EQ(executor.submit(look_up, index, 14).get(), 42);
  EXPECT_EQ(executor.submit([](const Inherited<Index>& i) { return *i->name; }, index).get(),
            "index");
}

TEST_P(PoolInherited, ValuesCanBeBound) {
  const auto index = make_index(3);
  ProcessPoolExecutor executor(options());
  EXPECT_EQ(executor.map(partial(look_up, index), std::vector{1, 2, 3}).collect(),
            (std::vector{3, 6, 9}));
}

TEST_P(PoolInherited, ValuesAreSeenThoughTheProgramHasDroppedThem) {
  auto index = make_index(3);
  const auto bound = partial(look_up, index);
  ProcessPoolExecutor executor(options());
  const auto result = executor.submit(bound, 14);
  index = {};
  EXPECT_EQ(result.get(), 42);
}

TEST_P(PoolInherited, AValueThatIsMadeAfterThePoolFailsItsTaskAloneAndSaysWhy) {
  ProcessPoolExecutor executor(options());
  const auto failure = executor.submit(look_up, make_index(3), 14).outcome().error();
  EXPECT_EQ(failure.kind, FailureKind::Serialization);
  EXPECT_EQ(failure.phase, TaskPhase::Decode);
  EXPECT_NE(failure.message().find("it was made after the pool"), std::string::npos)
      << failure.message();
  EXPECT_EQ(executor.submit(victims::square, 3).get(), 9);
}

TEST_P(PoolInherited, AValueComesBackAsItself) {
  const auto index = make_index(3);
  ProcessPoolExecutor executor(options());
  const auto pass_on = [](const Inherited<Index>& i) { return i; };
  EXPECT_EQ(&*executor.submit(pass_on, index).get(), &*index);
  EXPECT_FALSE(executor.submit(pass_on, Inherited<Index>()).get());
}

TEST(InheritedTest, AHandleIsOfOneTypeOnly) {
  const Inherited<int> number(7);
  // As a worker could answer that was taken over by its input.
  Bytes encoded;
  Encoder out(encoded);
  out(number);
  Decoder in(encoded);
  EXPECT_THROW(detail::decode<Inherited<Index>>(in), SerializationError);
}

TEST_P(PoolInherited, AWorkerMayPassItOnToAPoolOfItsOwn) {
  const auto index = make_index(3);
  ProcessPoolExecutor executor(options());
  const auto ask_another = [](const Inherited<Index>& i) {
    ProcessPoolExecutor inner(1);
    return inner.submit(look_up, i, 14).get();
  };
  EXPECT_EQ(executor.submit(ask_another, index).get(), 42);
}

class PoolInheritedBySpawn : public PoolTest {};
INSTANTIATE_TEST_SUITE_P(Each, PoolInheritedBySpawn,
                         testing::Values(PoolKind{StartMethod::Spawn, 2}), name_of_kind);

TEST_P(PoolInheritedBySpawn, FailsItsTaskAloneAndSaysWhy) {
  const auto index = make_index(3);
  ProcessPoolExecutor executor(options());
  const auto failure = executor.submit(look_up, index, 14).outcome().error();
  EXPECT_NE(failure.message().find("StartMethod::Spawn"), std::string::npos) << failure.message();
  EXPECT_EQ(executor.submit(victims::square, 3).get(), 9);
}

TEST(InlineInherited, IsThereInTheSameProcess) {
  InlineExecutor executor;
  EXPECT_EQ(executor.submit(look_up, make_index(3), 14).get(), 42);
}

}  // namespace
}  // namespace bulkhead
