#include "os/code_address.h"

#include <unistd.h>

#include <cstdlib>
#include <memory>

#include <gtest/gtest.h>

namespace bulkhead::os {
namespace {

int answer() {
  return 42;
}

const void* address_of(int (*function)()) {
  return reinterpret_cast<const void*>(function);
}

TEST(CodeAddressTest, OwnFunctionIsFoundAgain) {
  const auto name = name_code(address_of(&answer));
  ASSERT_TRUE(name);
  EXPECT_EQ(name->module, 0U);
  EXPECT_EQ(find_code(*name), address_of(&answer));
}

TEST(CodeAddressTest, FunctionOfASharedLibraryIsFoundAgain) {
  // libc, which is a library of its own also in a program that is linked with most things
  // statically.
  const auto* address = reinterpret_cast<const void*>(&::getppid);
  const auto name = name_code(address);
  ASSERT_TRUE(name);
  EXPECT_NE(name->module, 0U);
  EXPECT_EQ(find_code(*name), address);
}

TEST(CodeAddressTest, DifferentFunctionsHaveDifferentNames) {
  const auto one = name_code(reinterpret_cast<const void*>(&::getppid));
  const auto other = name_code(reinterpret_cast<const void*>(&::getsid));
  ASSERT_TRUE(one && other);
  EXPECT_EQ(one->module, other->module);
  EXPECT_NE(one->offset, other->offset);
}

TEST(CodeAddressTest, AddressInNoModuleHasNoName) {
  const auto on_the_heap = std::make_unique<int>(0);
  const int on_the_stack = 0;
  EXPECT_FALSE(name_code(nullptr));
  EXPECT_FALSE(name_code(on_the_heap.get()));
  EXPECT_FALSE(name_code(&on_the_stack));
}

TEST(CodeAddressTest, ModuleThatIsNotLoadedIsNotFound) {
  EXPECT_FALSE(find_code({0x1234567, 16}));
}

}  // namespace
}  // namespace bulkhead::os
