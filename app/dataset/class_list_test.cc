#include "dataset/class_list.h"

#include <gtest/gtest.h>

namespace bulkhead::dataset {
namespace {

using Strings = std::vector<std::string>;

TEST(ClassListTest, ClassesAreNumberedInTheOrderOfTheirFolders) {
  // As text "?" is before "A", as a folder "_" is behind it.
  const ClassList classes({"?x", "A", "B"});
  EXPECT_EQ(classes.folders(), (Strings{"A", "B", "_x"}));
  EXPECT_EQ(classes.names(), (Strings{"A", "B", "?x"}));
  EXPECT_EQ(classes.number_of("?x"), 2U);
  EXPECT_TRUE(classes.warnings().empty());
}

TEST(ClassListTest, EachFolderIsThatOfOneClass) {
  const ClassList classes({"a:b", "a?b"});
  EXPECT_EQ(classes.folders(), (Strings{"a_b", "a_b_2"}));
  EXPECT_EQ(classes.warnings(),
            Strings{"the class 'a?b' would have the folder of another: it is a_b_2"});
}

TEST(ClassListTest, LabelsThatAreNoUtf8HaveNamesOfTheirOwn) {
  const ClassList classes({"h\xFF", "h\xFE", "h\\xfe"});
  EXPECT_EQ(classes.names()[classes.number_of("h\xFF")], "h\\xff");
  EXPECT_EQ(classes.names()[classes.number_of("h\\xfe")], "h\\xfe");
  EXPECT_EQ(classes.names()[classes.number_of("h\xFE")], "h\\xfe_");
}

TEST(ClassListTest, FoldersOfLongLabelsCanBeMade) {
  const std::string label(1000, 'x');
  const ClassList classes({label, label + "y"});
  EXPECT_EQ(classes.names()[0], label);
  EXPECT_EQ(classes.folders()[0], std::string(200, 'x'));
  EXPECT_EQ(classes.folders()[1], std::string(200, 'x') + "_2");
}

}  // namespace
}  // namespace bulkhead::dataset
