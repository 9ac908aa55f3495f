#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include <bulkhead/detail/encoded_items.h>

namespace bulkhead::detail {
namespace {

void append(EncodedItems& items, const std::string& text) {
  items.append([&](Encoder& out) { out.raw(text.data(), text.size()); });
}

std::string text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string item_text(const EncodedItems& items, std::size_t item) {
  return text(items.run_from(item, 1, 0).bytes);
}

TEST(EncodedItemsTest, ItemsOfEqualSizeAreOneRun) {
  EncodedItems items;
  for (const char* item : {"aa", "bb", "cc", "dd"}) {
    append(items, item);
  }
  const auto run = items.run_from(1, 2, 1000);
  EXPECT_EQ(run.count, 2U);
  EXPECT_EQ(text(run.bytes), "bbcc");
}

TEST(EncodedItemsTest, RunEndsWhereTheSizeChanges) {
  EncodedItems items;
  for (const char* item : {"aa", "bb", "c", "d", "", "", "eee"}) {
    append(items, item);
  }
  EXPECT_EQ(items.bytes(), 9U);
  std::string seen;
  for (std::size_t first = 0; first < items.size();) {
    const auto run = items.run_from(first, 100, 1000);
    seen += std::to_string(run.count) + "*" + text(run.bytes) + " ";
    first += run.count;
  }
  EXPECT_EQ(seen, "2*aabb 2*cd 2* 1*eee ");
  EXPECT_EQ(item_text(items, 3), "d");
}

TEST(EncodedItemsTest, EmptyValuesNeedNoMoreRoom) {
  EncodedItems items;
  for (int i = 0; i < 100; ++i) {  // Were the room doubled for each it would soon be all there is.
    items.append([](Encoder& out) { out(std::string()); });
  }
  EXPECT_EQ(items.bytes(), 100 * sizeof(std::uint64_t));
}

TEST(EncodedItemsTest, ValueThatStandsForAGroupTravelsAlone) {
  EncodedItems items;
  for (const ItemRange range : {ItemRange{0, 2}, ItemRange{2, 4}}) {
    items.append_group(range, [](Encoder& out) { out.raw("aa", 2); });
  }
  EXPECT_EQ(items.run_from(0, 100, 1000).count, 1U);
  EXPECT_EQ(item_text(items, 1), "aa");
  EXPECT_EQ(items.groups()[1].first, 2U);
}

TEST(EncodedItemsTest, RunIsLimitedInBytesButNeverEmpty) {
  EncodedItems items;
  for (const char* item : {"aaaa", "bbbb", "cccc"}) {
    append(items, item);
  }
  EXPECT_EQ(items.run_from(0, 3, 9).count, 2U);
  EXPECT_EQ(items.run_from(0, 3, 3).count, 1U);
  EXPECT_EQ(items.run_from(2, 3, 100).count, 1U);
}

TEST(EncodedItemsTest, ItemsKeepTheirBytesWhileTheMemoryGrows) {
  EncodedItems items;
  const auto item = [](std::size_t i) {
    return std::string(i % 7 == 0 ? 1000 : 3, static_cast<char>('a' + i % 26));
  };
  for (std::size_t i = 0; i < 1000; ++i) {
    append(items, item(i));
  }
  for (std::size_t i = 0; i < 1000; ++i) {
    ASSERT_EQ(item_text(items, i), item(i)) << i;
  }
}

TEST(EncodedItemsTest, ItemThatThrowsLeavesNothingBehind) {
  EncodedItems items;
  append(items, "aa");
  for (const std::size_t size : {1, 10'000}) {
    EXPECT_THROW(items.append([&](Encoder& out) {
      out.raw(std::string(size, 'x').data(), size);
      throw std::runtime_error("no more");
    }),
                 std::runtime_error);
  }
  append(items, "bb");
  EXPECT_EQ(items.size(), 2U);
  EXPECT_EQ(item_text(items, 0) + item_text(items, 1), "aabb");
}

}  // namespace
}  // namespace bulkhead::detail
