#include "records/reply_parts.h"

#include <fstream>
#include <string>
#include <system_error>
#include <vector>

#include <gtest/gtest.h>

#include "files/temporary_folder.h"

namespace bulkhead::records {
namespace {

class ReplyPartsTest : public testing::Test {
 protected:
  // Whether all that is told is what was written.
  static std::vector<std::string> parts_of(PartReader& reader) {
    std::vector<std::string> parts;
    while (auto part = reader.next<std::string>()) {
      parts.push_back(*std::move(part));
    }
    return parts;
  }

  std::string problem_of(const std::string& content) {
    PartReader reader(folder_.write("parts", content));
    EXPECT_TRUE(parts_of(reader).empty());
    return reader.problem();
  }

  files::TemporaryFolder folder_;
};

TEST_F(ReplyPartsTest, PartsComeBackInTheirOrder) {
  const std::string path = folder_.write("parts",
                                         "of an earlier try, longer than what comes now, "
                                         "which is two short texts and their lengths");
  PartWriter writer(path);
  EXPECT_TRUE(writer.is_open());
  writer.add(std::string("one"));
  writer.add(std::string());
  PartReader reader(path);
  EXPECT_EQ(parts_of(reader), std::vector<std::string>({"one", ""}));
  EXPECT_EQ(reader.problem(), "");
}

TEST_F(ReplyPartsTest, WithoutAPathThereAreNone) {
  EXPECT_FALSE(PartWriter("").is_open());
}

TEST_F(ReplyPartsTest, FileWithoutRoomFailsTheTask) {
  PartWriter writer("/dev/full");
  EXPECT_THROW(writer.add(std::string("one")), std::system_error);
  EXPECT_THROW(PartWriter(folder_ / "missing"), std::system_error);
}

TEST_F(ReplyPartsTest, BytesThatAreNoPartsAreAProblem) {
  EXPECT_EQ(problem_of(""), "");
  const std::string damaged = "a part of the reply is damaged";
  EXPECT_EQ(problem_of("short"), damaged);
  EXPECT_EQ(problem_of(std::string(8, '\0')), damaged);
  EXPECT_EQ(problem_of(std::string(8, '\xFF')), damaged);
  EXPECT_EQ(problem_of("\x01" + std::string(7, '\0')), damaged);
  // A part of eight bytes: a text of 255.
  EXPECT_EQ(problem_of("\x08" + std::string(7, '\0') + "\xFF" + std::string(7, '\0')), damaged);
  EXPECT_EQ(PartReader(folder_ / "missing").problem(), "no such file or directory");
}

}  // namespace
}  // namespace bulkhead::records
