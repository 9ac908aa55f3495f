#include "dataset/read_back.h"

#include <gtest/gtest.h>

#include "dataset/folder_output.h"
#include "dataset/npy_output.h"
#include "dataset/webdataset_output.h"
#include "files/temporary_folder.h"
#include "photos/photo.h"

namespace bulkhead::dataset {
namespace {

class ReadBackTest : public testing::Test {
 protected:
  ReadBackTest() {
    sample.file = test_photos::make_photo({.width = 40, .height = 30});
    sample.size = {2, 1};
    sample.values = {std::byte{1}, std::byte{2}};
  }

  template <class Output>
  std::string write_two(Output&& output) {
    for (const char* key : {"a", "b"}) {
      SamplePlace place;
      EXPECT_TRUE(output.add({.split = "train", .label = 1, .key = key, .extension = "jpg"}, sample,
                             place));
    }
    EXPECT_TRUE(output.finish());
    return log.files().front().name;
  }

  ReadBack read(const WrittenFile& file) const {
    return read_back(BrokenPictures::Reject, {folder / file.name, file.kind});
  }

  void expect_what_was_written() const {
    for (const WrittenFile& file : log.files()) {
      const ReadBack found = read(file);
      EXPECT_EQ(found.error, "") << file.name;
      EXPECT_EQ(found.pieces, file.pieces) << file.name;
    }
  }

  // With one byte changed.
  ReadBack read_changed(std::size_t at) {
    const WrittenFile& file = log.files().front();
    std::string content = folder.read(file.name);
    content[at] = static_cast<char>(content[at] + 1);
    folder.write(file.name, content);
    return read(file);
  }

  Sample sample;
  files::TemporaryFolder folder;
  WriteLog log;
};

TEST_F(ReadBackTest, PicturesAreWhatWasWritten) {
  write_two(FolderOutput(folder.path(), &log));
  EXPECT_EQ(log.files().size(), 2U);
  expect_what_was_written();
  EXPECT_NE(read_changed(sample.file.size() - 2).pieces, log.files().front().pieces);
  const std::string& name = log.files().back().name;
  folder.write(name, folder.read(name).substr(0, sample.file.size() / 2));
  EXPECT_NE(read(log.files().back()).error, "");
}

TEST_F(ReadBackTest, ArchivesAreWhatWasWritten) {
  const std::string name = write_two(WebdatasetOutput(folder.path(), {}, &log));
  expect_what_was_written();
  EXPECT_EQ(read(log.files().front()).pieces[1].name, "a.cls");
  EXPECT_EQ(read_changed(0).error, "has a broken member behind 0");
  folder.write(name, folder.read(name).substr(0, 512));
  EXPECT_NE(read(log.files().front()).error, "");
  folder.write(name, "");
  EXPECT_EQ(read(log.files().front()).error, "ends without the end of an archive");
}

TEST_F(ReadBackTest, ArraysAreWhatWasWritten) {
  const std::string name = write_two(NpyOutput(folder.path(), &log));
  EXPECT_EQ(log.files().size(), 2U);
  expect_what_was_written();
  EXPECT_NE(read_changed(129).pieces, log.files().front().pieces);
  folder.write(name, folder.read(name) + "x");
  EXPECT_EQ(read(log.files().front()).error, "is not as long as its header says");
  folder.write(name, "x");
  EXPECT_EQ(read(log.files().front()).error, "has no header of an array");
}

TEST_F(ReadBackTest, WhatIsGoneIsAnError) {
  for (const FileKind kind : {FileKind::Picture, FileKind::Archive, FileKind::Array}) {
    EXPECT_NE(read_back(BrokenPictures::Keep, {folder / "gone", kind}).error, "");
  }
}

}  // namespace
}  // namespace bulkhead::dataset
