#include "futures/encoded_value.h"

#include <vector>

#include <gtest/gtest.h>

namespace bulkhead::detail {
namespace {

Bytes numbered(std::size_t size) {
  Bytes bytes;
  for (std::size_t i = 0; i < size; ++i) {
    bytes.push_back(static_cast<std::byte>(i + 1));
  }
  return bytes;
}

Bytes content(const EncodedValue& value) {
  return {value.bytes().begin(), value.bytes().end()};
}

TEST(EncodedValue, HoldsAnyNumberOfBytes) {
  for (const std::size_t size : {0U, 1U, 8U, 23U, 24U, 25U, 1000U}) {
    const Bytes bytes = numbered(size);
    EXPECT_EQ(content(EncodedValue(std::span<const std::byte>(bytes))), bytes) << size;
    EXPECT_EQ(content(EncodedValue(Bytes(bytes))), bytes) << size;
  }
}

TEST(EncodedValue, OfAFewBytesMovesWithThem) {
  const Bytes bytes = numbered(8);
  EncodedValue value{std::span<const std::byte>(bytes)};
  std::vector<EncodedValue> others;
  others.push_back(std::move(value));
  others.emplace_back(numbered(1));  // Moves the first to other memory.
  EXPECT_EQ(content(others.front()), bytes);
}

TEST(EncodedValue, KeepsItsBytesWhereTheyCame) {
  Bytes bytes = numbered(1000);
  const std::byte* const place = bytes.data();
  const EncodedValue value(std::move(bytes));
  EXPECT_EQ(value.bytes().data(), place);
}

TEST(EncodedValue, LiesInsideUpToItsOwnSize) {
  EXPECT_TRUE(EncodedValue::lies_inside(sizeof(double)));
  EXPECT_FALSE(EncodedValue::lies_inside(sizeof(EncodedValue)));
  EXPECT_TRUE(EncodedValue().bytes().empty());
}

}  // namespace
}  // namespace bulkhead::detail
