#include "records/rejection_list.h"

#include <string>

#include <gtest/gtest.h>

namespace bulkhead::records {
namespace {

std::string told(const RejectionList& list) {
  std::string text;
  list.for_each([&text](const Rejection& each) {
    text += std::to_string(each.number) + "@" + std::to_string(each.offset) + " " + each.reason +
            ": " + each.raw + "\n";
  });
  return text;
}

TEST(RejectionListTest, GivesBackWhatWasAdded) {
  RejectionList list;
  EXPECT_EQ(told(list), "");
  list.add(1, 0, "is empty", "");
  list.add(2, 300, "is odd", std::string(200, 'x'));
  list.add(1'000'000, std::uint64_t{1} << 63U, "is empty", "y");
  EXPECT_EQ(told(list), "1@0 is empty: \n2@300 is odd: " + std::string(200, 'x') +
                            "\n1000000@9223372036854775808 is empty: y\n");
}

TEST(RejectionListTest, EmptyLinesTakeFewBytes) {
  RejectionList list;
  constexpr std::uint64_t kLines = 1000;
  for (std::uint64_t line = 0; line < kLines; ++line) {
    list.add(line + 1, line, "is empty", "");
  }
  EXPECT_EQ(list.bytes(), 4 * kLines);
}

}  // namespace
}  // namespace bulkhead::records
