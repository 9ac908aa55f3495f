#include "files/journal.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "files/temporary_folder.h"

namespace bulkhead::files {
namespace {

using Opening = Journal::Opening;

class JournalTest : public testing::Test {
 protected:
  Expected<Journal, FileError> open(Opening opening, const std::string& job = "job 1") const {
    return Journal::open(path_, job, opening);
  }

  // A journal that says so of these inputs.
  void keep(const std::vector<JournalLine>& lines) const {
    auto journal = open(Opening::Resume);
    ASSERT_TRUE(journal) << journal.error().reason;
    for (const JournalLine& line : lines) {
      journal->note(line);
    }
    EXPECT_TRUE(journal->write());
    EXPECT_TRUE(journal->sync());
  }

  void append(const std::string& text) const {
    std::ofstream(path_, std::ios::app | std::ios::binary) << text;
  }

  std::string reason(Opening opening, const std::string& job = "job 1") const {
    const auto journal = open(opening, job);
    return journal ? "" : journal.error().reason;
  }

  TemporaryFolder folder_;
  std::string path_ = folder_.path() + "/journal";
};

TEST_F(JournalTest, SaysInALaterRunWhatBecameOfEachInput) {
  keep({{InputFate::Done, "10 1 a.jpg"}, {InputFate::Failed, "10 1 b.jpg"}});
  const auto journal = open(Opening::Resume);
  ASSERT_TRUE(journal);
  EXPECT_EQ(journal->fate_of("10 1 a.jpg"), InputFate::Done);
  EXPECT_EQ(journal->fate_of("10 1 b.jpg"), InputFate::Failed);
  EXPECT_EQ(journal->fate_of("11 1 a.jpg"), std::nullopt);
}

TEST_F(JournalTest, WhatIsSaidLastCounts) {
  keep({{InputFate::Failed, "10 1 a.jpg"}});
  keep({{InputFate::Done, "10 1 a.jpg"}});
  EXPECT_EQ(open(Opening::Resume)->fate_of("10 1 a.jpg"), InputFate::Done);
}

TEST_F(JournalTest, EndThatIsTornAnywhereIsCutAndWrittenBehind) {
  keep({{InputFate::Done, "10 1 a.jpg"}});
  const std::string last = format_journal_line({InputFate::Done, "10 1 b.jpg"});
  const std::string whole = folder_.read("journal");
  for (std::size_t bytes = 1; bytes < last.size(); ++bytes) {
    std::filesystem::resize_file(path_, whole.size());
    append(last.substr(0, bytes));
    keep({{InputFate::Done, "10 1 c.jpg"}});
    const auto journal = open(Opening::Resume);
    ASSERT_TRUE(journal);
    EXPECT_EQ(journal->fate_of("10 1 a.jpg"), InputFate::Done);
    EXPECT_EQ(journal->fate_of("10 1 b.jpg"), std::nullopt) << bytes;
    EXPECT_EQ(journal->fate_of("10 1 c.jpg"), InputFate::Done) << bytes;
  }
}

TEST_F(JournalTest, DamagedLineEndsWhatCounts) {
  keep({{InputFate::Done, "10 1 a.jpg"}});
  std::string damaged = format_journal_line({InputFate::Done, "10 1 b.jpg"});
  damaged[damaged.size() / 2] ^= 1;
  append(damaged + format_journal_line({InputFate::Done, "10 1 c.jpg"}));
  const auto journal = open(Opening::Resume);
  ASSERT_TRUE(journal);
  EXPECT_EQ(journal->fate_of("10 1 a.jpg"), InputFate::Done);
  EXPECT_EQ(journal->fate_of("10 1 b.jpg"), std::nullopt);
  EXPECT_EQ(journal->fate_of("10 1 c.jpg"), std::nullopt);
}

TEST_F(JournalTest, LinesMayLieAcrossTheBlocksThatAreRead) {
  std::vector<JournalLine> lines;
  for (int i = 0; i < 3000; ++i) {
    lines.push_back({InputFate::Done, "10 1 folder/photo-" + std::to_string(i) + ".jpg"});
  }
  keep(lines);
  const auto journal = open(Opening::Resume);
  ASSERT_TRUE(journal);
  for (const JournalLine& line : lines) {
    ASSERT_EQ(journal->fate_of(line.identity), InputFate::Done) << line.identity;
  }
}

TEST_F(JournalTest, IsOfOneJob) {
  keep({});
  EXPECT_EQ(reason(Opening::Resume, "job 2"), "is the journal of a run with other options");
  EXPECT_EQ(reason(Opening::Resume), "");
}

TEST_F(JournalTest, ANewOneReplacesNone) {
  keep({});
  EXPECT_EQ(reason(Opening::New), "is there already; --resume goes on with it");
}

TEST_F(JournalTest, WhatIsNoJournalIsLeftAsItIs) {
  folder_.write("journal", "dear diary\n");
  EXPECT_EQ(reason(Opening::Resume), "is no journal");
  EXPECT_EQ(folder_.read("journal"), "dear diary\n");
  std::filesystem::remove(path_);
  std::filesystem::create_directory(path_);
  EXPECT_EQ(reason(Opening::Resume), "is a directory");
  path_ = "/dev/null";
  EXPECT_EQ(reason(Opening::Resume), "is not a regular file");
}

TEST_F(JournalTest, IsWrittenByOneRunAtATime) {
  const auto first = open(Opening::New);
  ASSERT_TRUE(first);
  EXPECT_EQ(reason(Opening::Resume), "is in use by another run");
}

TEST_F(JournalTest, IdentityIsThatOfTheFileAsItIsNow) {
  const std::string path = folder_.write("a b\n.jpg", "12345");
  const auto before = identity_of(path);
  ASSERT_TRUE(before);
  EXPECT_TRUE(before->starts_with("5 ")) << *before;
  EXPECT_TRUE(before->ends_with("/a%20b%0A.jpg")) << *before;
  std::filesystem::last_write_time(path, std::filesystem::file_time_type());
  EXPECT_NE(identity_of(path), before);
  EXPECT_EQ(identity_of(folder_.path() + "/missing"), std::nullopt);
}

}  // namespace
}  // namespace bulkhead::files
