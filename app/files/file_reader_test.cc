#include "files/file_reader.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

#include "files/temporary_folder.h"

namespace bulkhead::files {
namespace {

TEST(FileReaderTest, GivesARangeAndLessAtTheEnd) {
  const TemporaryFolder folder;
  const auto file = FileReader::open(folder.write("a.jpg", "0123456789"));
  ASSERT_TRUE(file);
  EXPECT_EQ(file->bytes(), 10U);
  const auto text = [&](std::size_t begin) {
    std::array<std::byte, 4> buffer{};
    const auto got = file->read(begin, buffer);
    return std::string(reinterpret_cast<const char*>(buffer.data()), got.value());
  };
  EXPECT_EQ(text(3), "3456");
  EXPECT_EQ(text(8), "89");
  EXPECT_EQ(text(11), "");
}

TEST(FileReaderTest, WhatIsNoFileIsNamedSo) {
  const TemporaryFolder folder;
  EXPECT_EQ(FileReader::open(folder.path()).error().reason, "is a folder");
  EXPECT_EQ(FileReader::open(folder / "gone").error().reason, "no such file or directory");
}

}  // namespace
}  // namespace bulkhead::files
