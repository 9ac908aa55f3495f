#include "dataset/webdataset_output.h"

#include <gtest/gtest.h>

#include "files/temporary_folder.h"

namespace bulkhead::dataset {
namespace {

TEST(WebdatasetOutputTest, LimitsAreSamplesOrBytes) {
  EXPECT_EQ(parse_shard_limit("1000").value(), (ShardLimit{.bytes = 0, .samples = 1000}));
  EXPECT_EQ(parse_shard_limit("2M").value(), (ShardLimit{.bytes = 2 << 20, .samples = 0}));
  for (const char* wrong : {"", "0", "x", "1T", "1MB", "-1", "99999999999999999999", "M"}) {
    EXPECT_FALSE(parse_shard_limit(wrong)) << wrong;
  }
}

class WebdatasetOutputFiles : public testing::Test {
 protected:
  // The shard that the sample went to.
  std::string add(WebdatasetOutput& output, const std::string& split, const std::string& key,
                  std::size_t bytes = 1) {
    SamplePlace place;
    Sample sample;
    sample.file.resize(bytes);
    EXPECT_TRUE(
        output.add({.split = split, .label = 3, .key = key, .extension = "jpg"}, sample, place));
    return place.shard;
  }

  files::TemporaryFolder folder;
};

TEST_F(WebdatasetOutputFiles, ShardsHaveAsManySamplesAsTheyMay) {
  WebdatasetOutput output(folder.path(), {.bytes = 0, .samples = 2}, nullptr);
  EXPECT_EQ(add(output, "train", "a"), "train-000000.tar");
  EXPECT_EQ(add(output, "train", "b"), "train-000000.tar");
  EXPECT_EQ(add(output, "train", "c"), "train-000001.tar");
  EXPECT_EQ(add(output, "test", "d"), "test-000000.tar");
  const auto shards = output.finish();
  ASSERT_TRUE(shards);
  ASSERT_EQ(shards->size(), 3U);
  EXPECT_EQ((*shards)[1].samples, 1U);
  EXPECT_EQ(folder.count(), 3U);
}

TEST_F(WebdatasetOutputFiles, ShardsStayBelowTheirSizeUnlessOneSampleIsLarger) {
  WebdatasetOutput output(folder.path(), {.bytes = 8192, .samples = 0}, nullptr);
  add(output, "train", "a", 1000);
  EXPECT_EQ(add(output, "train", "b", 1000), "train-000000.tar");
  EXPECT_EQ(add(output, "train", "c", 20'000), "train-000001.tar");
  EXPECT_EQ(add(output, "train", "d", 1000), "train-000002.tar");
  ASSERT_TRUE(output.finish());
  EXPECT_LE(folder.read("train-000000.tar").size(), 8192U);
}

TEST_F(WebdatasetOutputFiles, NoSampleNoShard) {
  WebdatasetOutput output(folder.path(), {}, nullptr);
  EXPECT_TRUE(output.finish()->empty());
  EXPECT_EQ(folder.count(), 0U);
}

TEST_F(WebdatasetOutputFiles, SampleIsAFileAndTheNumberOfItsClass) {
  WebdatasetOutput output(folder.path(), {}, nullptr);
  add(output, "train", "a");
  ASSERT_TRUE(output.finish());
  const std::string archive = folder.read("train-000000.tar");
  EXPECT_STREQ(archive.c_str(), "a.jpg");
  EXPECT_STREQ(archive.c_str() + 1024, "a.cls");
  EXPECT_STREQ(archive.c_str() + 1536, "3");
}

TEST_F(WebdatasetOutputFiles, FolderThatCannotBeIsAnError) {
  WebdatasetOutput output(folder.write("file"), {}, nullptr);
  SamplePlace place;
  const auto added = output.add({.split = "train", .key = "a", .extension = "jpg"}, {}, place);
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error(), "train-000000.tar: cannot write: not a directory");
}

}  // namespace
}  // namespace bulkhead::dataset
