#include "records/line_reader.h"

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "files/temporary_folder.h"

namespace bulkhead::records {
namespace {

using Strings = std::vector<std::string>;

class LineReaderTest : public testing::Test {
 protected:
  Strings lines_in(const std::string& path, std::uint64_t begin = 0,
                   std::uint64_t end = Portion::kToTheEnd) {
    Strings lines;
    auto reader = LineReader::open({.path = path, .begin = begin, .end = end});
    Line line;
    while (reader && reader->next(line)) {
      lines.emplace_back(line.text);
      offsets_.push_back(line.offset);
    }
    problem_ = reader ? reader->problem() : reader.error();
    return lines;
  }

  files::TemporaryFolder folder_;
  std::vector<std::uint64_t> offsets_;
  std::string problem_;
};

TEST_F(LineReaderTest, GivesEachLineAndWhereItBegins) {
  EXPECT_EQ(lines_in(folder_.write("a", "one\n\nthree\nlast")),
            Strings({"one", "", "three", "last"}));
  EXPECT_EQ(offsets_, std::vector<std::uint64_t>({0, 4, 5, 11}));
}

TEST_F(LineReaderTest, EmptyFileHasNoLines) {
  EXPECT_EQ(lines_in(folder_.write("a", "")), Strings());
  EXPECT_EQ(problem_, "");
}

TEST_F(LineReaderTest, WhereverAFileIsCutEachLineIsGivenOnce) {
  const std::string path = folder_.write("a", "one\n\nthree\nlast");
  const Strings all = {"one", "", "three", "last"};
  for (std::uint64_t cut = 0; cut <= 16; ++cut) {
    Strings lines = lines_in(path, 0, cut);
    const Strings rest = lines_in(path, cut);
    lines.insert(lines.end(), rest.begin(), rest.end());
    EXPECT_EQ(lines, all) << "cut at " << cut;
  }
}

TEST_F(LineReaderTest, LinesGivenTogetherAreThoseGivenOneByOne) {
  std::string text;
  for (int i = 0; i < 5'000; ++i) {
    text += std::string(static_cast<std::size_t>(i % 300), static_cast<char>('a' + i % 26)) + "\n";
  }
  text += std::string(kMaxLineBytes + 1, 'z') + "\nlast";
  const std::string path = folder_.write("a", text);
  const Strings all = lines_in(path);
  auto reader = LineReader::open({.path = path});
  ASSERT_TRUE(reader);
  std::vector<Line> together(16);
  Strings lines;
  std::vector<std::uint64_t> offsets;
  std::size_t calls = 0;
  while (const std::size_t count = reader->next(std::span(together))) {
    ++calls;
    for (const Line& line : std::span(together).first(count)) {
      lines.emplace_back(line.text);
      offsets.push_back(line.offset);
    }
  }
  EXPECT_EQ(lines, all);
  EXPECT_EQ(offsets, offsets_);
  EXPECT_LT(calls, all.size() / 10);
}

TEST_F(LineReaderTest, LinesLongerThanABlockAreWhole) {
  const std::string first(300'000, 'a');
  const std::string second(kMaxLineBytes, 'b');
  EXPECT_EQ(lines_in(folder_.write("a", first + "\n" + second + "\nc\n")),
            Strings({first, second, "c"}));
}

TEST_F(LineReaderTest, LineThatIsTooLongIsGivenCutAndTheNextOneWhole) {
  const std::string path = folder_.write(
      "a", std::string(3 * kMaxLineBytes, 'a') + "\nnext\n" + std::string(kMaxLineBytes + 1, 'b'));
  auto reader = LineReader::open({.path = path});
  ASSERT_TRUE(reader);
  Line line;
  ASSERT_TRUE(reader->next(line));
  EXPECT_EQ(line.text, std::string(kMaxLineBytes, 'a'));
  EXPECT_FALSE(line.is_whole);
  ASSERT_TRUE(reader->next(line));
  EXPECT_EQ(line.text, "next");
  EXPECT_TRUE(line.is_whole);
  EXPECT_EQ(line.offset, 3 * kMaxLineBytes + 1);
  ASSERT_TRUE(reader->next(line));
  EXPECT_EQ(line.text, std::string(kMaxLineBytes, 'b'));
  EXPECT_FALSE(line.is_whole);
  EXPECT_FALSE(reader->next(line));
}

TEST_F(LineReaderTest, ByteOrderMarkIsNoPartOfTheFirstLine) {
  const std::string path = folder_.write("a", "\xef\xbb\xbfone\ntwo\n");
  EXPECT_EQ(lines_in(path), Strings({"one", "two"}));
  EXPECT_EQ(offsets_, std::vector<std::uint64_t>({3, 7}));
  for (std::uint64_t cut = 1; cut <= 11; ++cut) {
    Strings lines = lines_in(path, 0, cut);
    const Strings rest = lines_in(path, cut);
    lines.insert(lines.end(), rest.begin(), rest.end());
    EXPECT_EQ(lines, Strings({"one", "two"})) << "cut at " << cut;
  }
}

TEST_F(LineReaderTest, LineThatAFaultCutsOffIsNotGiven) {
  // A gzip member that is stored, not deflated, and cut off in its last line.
  const std::string whole(
      "\x1f\x8b\x08\0\0\0\0\0\0\xff\x01\x08\0\xf7\xff"
      "one\ntwo\n",
      23);
  const std::string path = folder_.write("a.gz", whole.substr(0, whole.size() - 2));
  EXPECT_EQ(lines_in(path), Strings({"one"}));
  EXPECT_NE(problem_, "");
}

TEST_F(LineReaderTest, PortionInsideOneLineReadsNoFurtherThanItsEnd) {
  const std::string path = folder_.write("a", "");
  constexpr std::uint64_t kBytes = std::uint64_t{1} << 40U;  // a hole
  std::filesystem::resize_file(path, kBytes);
  constexpr std::uint64_t kPortion = std::uint64_t{1} << 20U;
  EXPECT_EQ(lines_in(path, kPortion, 2 * kPortion), Strings());
  EXPECT_EQ(lines_in(path, 0, 2 * kPortion).size(), 1U);
}

TEST_F(LineReaderTest, MissingFileAndFolderAreErrors) {
  lines_in(folder_ / "missing");
  EXPECT_EQ(problem_, "no such file or directory");
  lines_in(folder_.path());
  EXPECT_EQ(problem_, "is a folder");
}

}  // namespace
}  // namespace bulkhead::records
