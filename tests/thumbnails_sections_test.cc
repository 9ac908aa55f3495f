// A large photo that several workers share, as nothing else is left to do.

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "thumbnails_fixture.h"

namespace bulkhead::tests {
namespace {

/// Large enough for two workers; it has restart markers or not.
const std::string& large_photo(int restart_interval) {
  static std::map<int, std::string> made;
  std::string& bytes = made[restart_interval];
  if (bytes.empty()) {
    bytes = photo({.width = 2200,
                   .height = 1800,
                   .sampling = test_photos::Sampling::S444,
                   .restart_interval = restart_interval,
                   .quality = 99});
  }
  return bytes;
}

class ThumbnailsSectionsTest : public ThumbnailsProgramTest {
 protected:
  /// The records of a run that leaves its thumbnails in a folder of its own, without what differs
  /// from run to run.
  std::vector<nlohmann::json> records_of(const std::string& workers) const {
    const Ended ended = run({"-j", workers, "--json", "-d", "thumbs" + workers});
    auto all = records(ended.out);
    for (auto& record : all) {
      for (const char* member : {"ms", "worker", "output", "sections"}) {
        record.erase(member);
      }
    }
    return all;
  }
};

TEST_F(ThumbnailsSectionsTest, SeveralWorkersGiveTheBytesOfOne) {
  folder.write("a.jpg", quick_photo());
  for (const int restart_interval : {0, 50}) {
    folder.write("b.jpg", large_photo(restart_interval));
    ASSERT_GT(folder.read("b.jpg").size(), std::size_t{4} << 20);
    EXPECT_EQ(records_of("2"), records_of("1"));
    EXPECT_EQ(folder.read("thumbs2/b_thumbnail.jpg"), folder.read("thumbs1/b_thumbnail.jpg"));
    EXPECT_TRUE(is_whole_jpeg(folder.read("thumbs2/b_thumbnail.jpg")));
  }
}

TEST_F(ThumbnailsSectionsTest, OnlyALargePhotoThatIsAmongTheLastIsShared) {
  folder.write("a.jpg", large_photo(0));
  folder.write("b.jpg", quick_photo());
  folder.write("c.jpg", large_photo(0));
  const auto all = records(run({"-j", "2", "--json"}).out);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_FALSE(all[0].contains("sections"));
  EXPECT_FALSE(all[1].contains("sections"));
  EXPECT_EQ(all[2].value("sections", 1), 2);
  EXPECT_FALSE(records(run({"-j", "2", "--json", "b.jpg"}).out)[0].contains("sections"));
}

TEST_F(ThumbnailsSectionsTest, WhatIsWrongWithAPhotoIsToldAsByOneWorker) {
  const std::string& good = large_photo(0);
  folder.write("a_truncated.jpg", good.substr(0, good.size() - 100));
  std::string damaged = good;
  damaged.replace(damaged.size() / 3, 3, "\xFF\xD3\x01");
  folder.write("b_damaged.jpg", damaged);
  folder.write("c_no_photo.jpg", std::string(std::size_t{5} << 20, 'x'));
  const auto one = records_of("1");
  EXPECT_EQ(records_of("8"), one);
  ASSERT_EQ(one.size(), 3U);
  EXPECT_EQ(one[0]["status"], "damaged");
  EXPECT_EQ(one[2]["status"], "failed");
}

}  // namespace
}  // namespace bulkhead::tests
