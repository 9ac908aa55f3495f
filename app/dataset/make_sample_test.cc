#include "dataset/make_sample.h"

#include <gtest/gtest.h>

namespace bulkhead::dataset {
namespace {

using imaging::Fit;

SampleRules rules(Fit fit) {
  SampleRules made;
  made.picture.sizes = {{.box = {4, 3}, .fit = fit}};
  made.wants_values = true;
  return made;
}

Sample sample(imaging::Extent size) {
  Sample made;
  made.size = size;
  made.sums.pixels = area(size);
  made.values.resize(3 * area(size));
  made.file.resize(1);
  return made;
}

TEST(MakeSampleTest, SampleHasTheSizeThatIsAskedFor) {
  EXPECT_TRUE(is_sample_of(rules(Fit::Cover), sample({4, 3})));
  EXPECT_FALSE(is_sample_of(rules(Fit::Cover), sample({3, 4})));
  EXPECT_TRUE(is_sample_of(rules(Fit::Inside), sample({1, 3})));
  EXPECT_FALSE(is_sample_of(rules(Fit::Inside), sample({5, 3})));
  EXPECT_FALSE(is_sample_of(rules(Fit::Inside), sample({0, 0})));
}

TEST(MakeSampleTest, SampleHasAllThatIsWantedAndNothingElse) {
  Sample empty = sample({4, 3});
  empty.file.clear();
  EXPECT_FALSE(is_sample_of(rules(Fit::Cover), empty));
  Sample longer = sample({4, 3});
  longer.values.resize(37);
  EXPECT_FALSE(is_sample_of(rules(Fit::Cover), longer));
  Sample uncounted = sample({4, 3});
  uncounted.sums.pixels = 0;
  EXPECT_FALSE(is_sample_of(rules(Fit::Cover), uncounted));
}

}  // namespace
}  // namespace bulkhead::dataset
