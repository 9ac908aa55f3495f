#include "files/name_pattern.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace bulkhead::files {
namespace {

struct Case {
  std::string pattern;
  std::string path;
  bool matches;
};

TEST(NamePatternTest, MatchesWhatAGapMayHold) {
  const std::string folder = "/\x01/\x02";
  const std::vector<Case> cases = {
      {"/a/b.jpg", "/a/b.jpg", true},
      {"/a/b.jpg", "/a/b.jpeg", false},
      {"/a/b.jpg", "/a/b.jp", false},
      {folder + "/b.jpg", "/b.jpg", true},
      {folder + "/b.jpg", "/x/y/b.jpg", true},
      {folder + "/b.jpg", "/xb.jpg", false},
      {"/out" + folder + "/b.jpg", "/out/b.jpg", true},
      {"/out" + folder + "/b.jpg", "/out/x/b.jpg", true},
      {"/out" + folder + "/b.jpg", "/outer/b.jpg", false},
      {"/\x01/t/b.jpg", "/x/y/t/b.jpg", true},
      {"/\x03_t.jpg", "/a_t.jpg", true},
      {"/\x03_t.jpg", "/a_t_t.jpg", true},
      {"/\x03_t.jpg", "/_t.jpg", false},
      {"/\x03_t.jpg", "/a/b_t.jpg", false},
      {"/\x03_\x04.jpg", "/a_png.jpg", true},
      {"/\x03_\x04.jpg", "/a_HEIC.jpg", true},
      {"/\x03_\x04.jpg", "/a_.jpg", false},
      {"/\x03_\x04.jpg", "/a_1234.jpg", false},
      {"/\x03.\x04", "/a.b.tif", true},
      {"/\x03.\x04", "/a.txt", false},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(NamePattern(one.pattern).matches(one.path), one.matches)
        << testing::PrintToString(one.pattern) << " and " << one.path;
  }
}

TEST(NamePatternTest, ManyGapsDoNotMultiply) {
  std::string pattern = "/";
  for (int i = 0; i < 60; ++i) {
    pattern += "\x03";
  }
  EXPECT_FALSE(NamePattern(pattern + "b").matches("/" + std::string(250, 'a')));
}

}  // namespace
}  // namespace bulkhead::files
