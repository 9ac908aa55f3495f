#include "dataset/plan.h"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

namespace bulkhead::dataset {
namespace {

Candidate picture(const std::string& folder, const std::string& name,
                  const std::string& content = {}) {
  return {.path = folder.empty() ? name : folder + "/" + name,
          .folder = folder,
          .sha256 = sha256_of(content.empty() ? folder + name : content),
          .size = {100, 50}};
}

class PlanTest : public testing::Test {
 protected:
  Plan plan() const { return make_plan({candidates, folders, nullptr}, rules).value(); }

  // The split of each picture that becomes a sample, by its path.
  std::map<std::string, std::string> splits_of(const Plan& made) const {
    std::map<std::string, std::string> splits;
    for (const PlannedSample& sample : made.samples) {
      splits[candidates[sample.candidate].path] = made.splits[sample.split];
    }
    return splits;
  }

  std::vector<Candidate> candidates;
  std::vector<std::string> folders;
  PlanRules rules;
};

TEST_F(PlanTest, FoldersAreClassesAndAllIsForTraining) {
  candidates = {picture("hat", "a.jpg"), picture("dress", "b.jpg"), picture("", "c.jpg")};
  const Plan made = plan();
  EXPECT_EQ(made.classes, (std::vector<std::string>{"dress", "hat"}));
  EXPECT_EQ(made.splits, std::vector<std::string>{"train"});
  EXPECT_EQ(made.samples.size(), 2U);
  ASSERT_EQ(made.left_out.size(), 1U);
  EXPECT_EQ(made.left_out[0].candidate, 2U);
}

TEST_F(PlanTest, WithoutFoldersThereAreNoLabels) {
  candidates = {picture("", "a.jpg"), picture("", "b.jpg")};
  const Plan made = plan();
  EXPECT_TRUE(made.classes.empty());
  EXPECT_EQ(made.samples.size(), 2U);
}

TEST_F(PlanTest, PhotosOfSeveralFoldersWithoutLabelsAreWarnedOf) {
  candidates = {picture("", "a.jpg"), picture("", "b.jpg")};
  EXPECT_EQ(plan().warnings, std::vector<std::string>());
  candidates[1].path = "dress/b.jpg";
  EXPECT_EQ(plan().warnings,
            std::vector<std::string>{"the photos lie in several folders, but in none below a PATH: "
                                     "there are no labels"});
}

TEST_F(PlanTest, FolderBesideThoseOfSplitsMakesNoClasses) {
  candidates = {picture("train", "a.jpg"), picture("test", "b.jpg"), picture("other/x", "c.jpg")};
  const Plan made = plan();
  EXPECT_TRUE(made.classes.empty());
  EXPECT_EQ(made.samples.size(), 2U);
}

TEST_F(PlanTest, FoldersOfSplitsAreKept) {
  candidates = {picture("train/hat", "a.jpg"), picture("validation/hat", "b.jpg"),
                picture("other/hat", "c.jpg")};
  const Plan made = plan();
  EXPECT_EQ(made.splits, (std::vector<std::string>{"train", "val"}));
  EXPECT_EQ(made.classes, std::vector<std::string>{"hat"});
  EXPECT_EQ(splits_of(made), (std::map<std::string, std::string>{{"train/hat/a.jpg", "train"},
                                                                 {"validation/hat/b.jpg", "val"}}));
  EXPECT_EQ(made.left_out[0].reason, "lies in no folder of a split: train, val or test");
}

TEST_F(PlanTest, WhatIsTestedWithIsNotLearned) {
  candidates = {picture("train/hat", "a.jpg", "same"), picture("test/hat", "b.jpg", "same"),
                picture("train/hat", "c.jpg")};
  const Plan made = plan();
  EXPECT_EQ(splits_of(made), (std::map<std::string, std::string>{{"test/hat/b.jpg", "test"},
                                                                 {"train/hat/c.jpg", "train"}}));
  EXPECT_EQ(made.left_out[0].fate, Fate::Duplicate);
  EXPECT_EQ(made.left_out[0].reason, "is in test as test/hat/b.jpg");
}

TEST_F(PlanTest, EqualPicturesAreInOneSplitForAnySeed) {
  rules.split = parse_split("train=.5,test=.5").value();
  for (int i = 0; i < 40; ++i) {
    candidates.push_back(
        picture("x", std::to_string(i) + ".jpg", "content " + std::to_string(i / 2)));
  }
  for (rules.seed = 0; rules.seed < 20; ++rules.seed) {
    auto splits = splits_of(plan());
    for (int i = 0; i < 40; i += 2) {
      EXPECT_EQ(splits["x/" + std::to_string(i) + ".jpg"],
                splits["x/" + std::to_string(i + 1) + ".jpg"]);
    }
  }
}

TEST_F(PlanTest, GroupsAreInOneSplit) {
  rules.split = parse_split("train=.5,test=.5").value();
  rules.groups = parse_groups("^[^/]*/(p\\d+)_").value();
  for (int i = 0; i < 60; ++i) {
    candidates.push_back(picture(i % 2 == 0 ? "hat" : "dress",
                                 "p" + std::to_string(i / 6) + "_" + std::to_string(i) + ".jpg"));
  }
  std::map<std::string, std::string> split_of_group;
  const Plan made = plan();
  for (const PlannedSample& sample : made.samples) {
    const std::string& split = made.splits[sample.split];
    EXPECT_EQ(split_of_group.try_emplace(sample.group, split).first->second, split);
  }
  EXPECT_EQ(split_of_group.size(), 10U);
}

TEST_F(PlanTest, GroupsStayInOneOfTheSplitsThatAreKept) {
  rules.groups = parse_groups("(p\\d+)_").value();
  candidates = {picture("train/hat", "p1_a.jpg"), picture("val/hat", "p1_b.jpg"),
                picture("test/hat", "p1_c.jpg"), picture("train/hat", "p2_d.jpg"),
                picture("train/hat", "p2_e.jpg")};
  const Plan made = plan();
  EXPECT_EQ(splits_of(made), (std::map<std::string, std::string>{{"test/hat/p1_c.jpg", "test"},
                                                                 {"train/hat/p2_d.jpg", "train"},
                                                                 {"train/hat/p2_e.jpg", "train"}}));
  ASSERT_EQ(made.left_out.size(), 2U);
  EXPECT_EQ(made.left_out[0].fate, Fate::Filtered);
  EXPECT_EQ(made.left_out[0].reason, "is of one group with test/hat/p1_c.jpg, which is in test");
}

TEST_F(PlanTest, EqualPicturesWithSeveralLabelsAreLeftOutOrHaveTheFirst) {
  candidates = {picture("hat", "a.jpg", "same"), picture("dress", "b.jpg", "same"),
                picture("hat", "c.jpg")};
  Plan made = plan();
  EXPECT_EQ(made.samples.size(), 1U);
  ASSERT_EQ(made.left_out.size(), 2U);
  EXPECT_EQ(made.left_out[0].reason,
            "has several labels: equal pictures are hat (hat/a.jpg) and dress (dress/b.jpg)");
  rules.conflict = LabelConflict::TakeFirst;
  made = plan();
  EXPECT_EQ(made.samples.size(), 3U);
  EXPECT_EQ(made.classes, std::vector<std::string>{"hat"});
}

TEST_F(PlanTest, DuplicatesAreRemovedWhereAskedFor) {
  candidates = {picture("hat", "a.jpg", "same"), picture("hat", "b.jpg", "same")};
  EXPECT_EQ(plan().samples.size(), 2U);
  rules.duplicates = Duplicates::Remove;
  const Plan made = plan();
  EXPECT_EQ(made.samples.size(), 1U);
  EXPECT_EQ(made.left_out[0].fate, Fate::Duplicate);
  EXPECT_EQ(made.left_out[0].reason, "is equal to hat/a.jpg");
}

TEST_F(PlanTest, FiltersNameTheSizeAndTheOption) {
  candidates = {picture("hat", "a.jpg")};
  const auto reason = [&](const PictureFilter& filter) {
    rules.filter = filter;
    const Plan made = plan();
    return made.left_out.empty() ? "" : made.left_out[0].reason;
  };
  EXPECT_EQ(reason({.min_side = 50, .max_pixels = 5000, .max_aspect = 2}), "");
  EXPECT_EQ(reason({.min_side = 51}), "100x50 pixels: a side is below --min-side");
  EXPECT_EQ(reason({.max_pixels = 4999}), "100x50 pixels: more than --max-pixels");
  EXPECT_EQ(reason({.max_aspect = 1.9}), "100x50 pixels: longer than --max-aspect");
}

TEST_F(PlanTest, KeysAreSafeAndOnceInTheDataSet) {
  candidates = {picture("hat", "a.b.jpg"), picture("dress", "a_b.png"), picture("dress", ".x")};
  std::vector<std::string> keys;
  for (const PlannedSample& sample : plan().samples) {
    keys.push_back(sample.key);
  }
  std::ranges::sort(keys);
  EXPECT_EQ(keys, (std::vector<std::string>{"_x", "a_b", "a_b_2"}));
}

TEST_F(PlanTest, OddClassesAreWarnedOf) {
  candidates = {picture("a:b", "1.jpg"), picture("a?b", "2.jpg"), picture("a?b", "3.jpg")};
  folders = {"a:b", "a?b", "empty", "a?b/below"};
  rules.split = parse_split("train=.5,test=.5").value();
  const Plan made = plan();
  EXPECT_EQ(made.classes, (std::vector<std::string>{"a:b", "a?b", "empty"}));
  EXPECT_EQ(made.class_folders, (std::vector<std::string>{"a_b", "a_b_2", "empty"}));
  EXPECT_EQ(made.warnings,
            (std::vector<std::string>{
                "the class 'a?b' would have the folder of another: it is a_b_2",
                "the class 'a:b' has 1 for 2 splits", "the class 'empty' has no pictures"}));
}

TEST_F(PlanTest, OrderIsThatOfTheSeedAndNotOfTheFolders) {
  for (int i = 0; i < 20; ++i) {
    candidates.push_back(picture("hat", std::to_string(i) + ".jpg"));
  }
  const auto order_of = [this] {
    std::vector<std::string> order;
    for (const PlannedSample& sample : plan().samples) {
      order.push_back(candidates[sample.candidate].path);
    }
    return order;
  };
  const auto order = order_of();
  EXPECT_FALSE(std::ranges::is_sorted(order));
  std::ranges::reverse(candidates);
  EXPECT_EQ(order_of(), order);
  rules.seed = 1;
  EXPECT_NE(order_of(), order);
}

TEST_F(PlanTest, GroupsThatATableDoesNotTellAreToldOf) {
  const auto table =
      LabelTable::make({"file", "patient"}, {{"a.jpg", "p1"}, {"a.jpg", "p2"}, {"b.jpg", ""}})
          .value();
  candidates = {picture("", "a.jpg"), picture("", "b.jpg"), picture("", "c.jpg")};
  rules.groups = parse_groups("csv:patient").value();
  const Plan made = make_plan({candidates, folders, &table}, rules).value();
  ASSERT_EQ(made.left_out.size(), 1U);
  EXPECT_EQ(made.left_out[0].reason,
            "has several groups: is in the table of labels as p1 and as p2");
  EXPECT_EQ(made.warnings, std::vector<std::string>{"2 of 3 pictures have no group by --group"});
}

TEST_F(PlanTest, ColumnsThatAreMissingAreMistakes) {
  const auto table = LabelTable::make({"file", "name"}, {}).value();
  rules.labels = parse_labels("csv:labels.csv").value();
  EXPECT_EQ(make_plan({candidates, folders, &table}, rules).error(),
            "labels.csv: has no column label, class or category");
  rules.labels = parse_labels("none").value();
  rules.groups = parse_groups("csv:patient").value();
  EXPECT_FALSE(make_plan({candidates, folders, nullptr}, rules));
}

}  // namespace
}  // namespace bulkhead::dataset
