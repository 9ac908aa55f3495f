#include <gtest/gtest.h>

#include <bulkhead/bulkhead.h>

/// main of the tests that start process pools, in every way.
int main(int argc, char** argv) {
  bulkhead::init(argc, argv);
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
