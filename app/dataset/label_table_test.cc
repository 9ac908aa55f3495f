#include "dataset/label_table.h"

#include <gtest/gtest.h>

namespace bulkhead::dataset {
namespace {

Candidate named(const std::string& folder, const std::string& file) {
  return {.path = "src/" + folder + "/" + file, .folder = folder};
}

TEST(LabelTableTest, PicturesAreFoundByPathBelowSrcThenAsGivenThenByName) {
  const auto table = LabelTable::make(
      {"label", "file"},
      {{"one", "sub/a.jpg"}, {"two", "src/sub/b.jpg"}, {"three", "c.jpg"}, {"four", "a.jpg"}});
  ASSERT_TRUE(table);
  EXPECT_EQ(table->cell(named("sub", "a.jpg"), 0).value(), "one");
  EXPECT_EQ(table->cell(named("sub", "b.jpg"), 0).value(), "two");
  EXPECT_EQ(table->cell(named("sub", "c.jpg"), 0).value(), "three");
  EXPECT_EQ(table->cell(named("other", "a.jpg"), 0).value(), "four");
  EXPECT_EQ(table->cell(named("sub", "d.jpg"), 0).error(), "is not in the table of labels");
}

TEST(LabelTableTest, RowsThatContradictEachOtherAreNoAnswer) {
  const auto table = LabelTable::make({"file", "label"}, {{"a.jpg", "x"}, {"a.jpg", "y"}});
  EXPECT_EQ(table->cell(named("", "a.jpg"), 1).error(), "is in the table of labels as x and as y");
}

TEST(LabelTableTest, ShortRowsHaveEmptyCells) {
  const auto table = LabelTable::make({"image", "label"}, {{"a.jpg"}});
  EXPECT_EQ(table->cell(named("", "a.jpg"), 1).value(), "");
}

TEST(LabelTableTest, TableWithoutNamesIsRefused) {
  EXPECT_FALSE(LabelTable::make({"label"}, {}));
}

}  // namespace
}  // namespace bulkhead::dataset
