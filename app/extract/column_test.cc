#include "extract/column.h"

#include <gtest/gtest.h>

namespace bulkhead::extract {
namespace {

TEST(ColumnTest, IsANameAndAPathOrAPathAlone) {
  EXPECT_EQ(parse_column("n=a.b")->name, "n");
  EXPECT_EQ(parse_column("n=a.b")->text, "a.b");
  EXPECT_EQ(parse_column("a.b")->name, "a.b");
  EXPECT_EQ(parse_column("[\"a=b\"]")->name, "a=b");
  EXPECT_EQ(parse_column("n=[\"a=b\"]")->word(), "a=b");
  EXPECT_FALSE(parse_column("n="));
}

TEST(ColumnTest, EveryNameCanBeAskedFor) {
  for (const char* name : {"id", "@id", "@a/b", "a.b", "a/b", "Price [EUR]", "a=b", "x\"]\\", "[]",
                           "", "..", "//a", "[\"a\"]", "@"}) {
    const Column column = column_of(name);
    const auto again = parse_column(column.argument());
    ASSERT_TRUE(again) << name;
    EXPECT_EQ(again->name, name);
    EXPECT_EQ(again->word(), name);
    EXPECT_EQ(again->argument(), column.argument());
  }
  EXPECT_EQ(parse_column("n=a.b")->argument(), "n=a.b");
}

}  // namespace
}  // namespace bulkhead::extract
