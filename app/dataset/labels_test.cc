#include "dataset/labels.h"

#include <gtest/gtest.h>

namespace bulkhead::dataset {
namespace {

using Kind = WordSource::Kind;

Expected<std::string, std::string> label(const std::string& option, const std::string& folder,
                                         const std::string& file,
                                         SplitFolders folders = SplitFolders::None) {
  const Labeller labeller(parse_labels(option).value(), folders, nullptr, 0);
  return labeller.label_of({.path = file, .folder = folder});
}

TEST(LabelsTest, OptionsAreReadAsTheyAreWritten) {
  EXPECT_EQ(parse_labels("dir").value(), (WordSource{Kind::Folder, {}}));
  EXPECT_EQ(parse_labels("csv:a:b.csv").value(), (WordSource{Kind::Table, "a:b.csv"}));
  EXPECT_EQ(parse_labels("file:(a|b)_").value(), (WordSource{Kind::FileName, "(a|b)_"}));
  EXPECT_EQ(parse_groups("csv:patient").value(), (WordSource{Kind::Table, "patient"}));
  EXPECT_EQ(parse_groups("^(\\d+)").value(), (WordSource{Kind::FileName, "^(\\d+)"}));
  for (const char* wrong : {"", "folder", "csv:", "file:", "file:(", "jsonl:a"}) {
    EXPECT_FALSE(parse_labels(wrong)) << wrong;
  }
}

TEST(LabelsTest, FolderBelowSrcOrBelowTheSplitIsTheLabel) {
  EXPECT_EQ(label("dir", "hat/old", "a.jpg").value(), "hat");
  EXPECT_EQ(label("dir", "train/hat/old", "a.jpg", SplitFolders::First).value(), "hat");
  EXPECT_FALSE(label("dir", "", "a.jpg"));
  EXPECT_FALSE(label("dir", "train", "a.jpg", SplitFolders::First));
}

TEST(LabelsTest, FirstGroupOfTheExpressionIsTheLabel) {
  EXPECT_EQ(label("file:^(n\\d+)_", "x", "x/n01_crane.JPEG").value(), "n01");
  EXPECT_EQ(label("file:n\\d", "x", "x/n01_crane.JPEG").value(), "n0");
  EXPECT_FALSE(label("file:^x", "x", "x/n01.jpg"));
  EXPECT_FALSE(label("file:^(x*)", "x", "x/n01.jpg"));
}

TEST(LabelsTest, WithoutLabelsEachIsEmpty) {
  EXPECT_EQ(label("none", "x", "a.jpg").value(), "");
}

}  // namespace
}  // namespace bulkhead::dataset
