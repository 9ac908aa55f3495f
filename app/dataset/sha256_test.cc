#include "dataset/sha256.h"

#include <gtest/gtest.h>

namespace bulkhead::dataset {
namespace {

TEST(Sha256Test, IsThatOfTheStandard) {
  EXPECT_EQ(hex(sha256_of("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256Test, PiecesAreTheWhole) {
  Sha256Stream stream;
  stream.add("a");
  stream.add("");
  stream.add("bc");
  EXPECT_EQ(stream.finish(), sha256_of("abc"));
}

}  // namespace
}  // namespace bulkhead::dataset
