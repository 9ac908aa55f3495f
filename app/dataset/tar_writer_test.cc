#include "dataset/tar_writer.h"

#include <string>

#include <gtest/gtest.h>

#include "files/temporary_folder.h"

namespace bulkhead::dataset {
namespace {

std::string archive_of(std::string_view name, std::string_view content) {
  const files::TemporaryFolder folder;
  TarWriter tar(files::PendingFile::create(folder / "a.tar").value());
  EXPECT_TRUE(tar.add(name, std::as_bytes(std::span(content))));
  const std::uint64_t bytes = tar.bytes();
  EXPECT_TRUE(tar.publish());
  const std::string archive = folder.read("a.tar");
  EXPECT_EQ(archive.size(), bytes);
  return archive;
}

TEST(TarWriterTest, HeaderIsThatOfTheStandard) {
  const std::string archive = archive_of("key.jpg", "content");
  ASSERT_EQ(archive.size(), 4 * 512U);
  EXPECT_STREQ(archive.c_str(), "key.jpg");
  EXPECT_EQ(archive.substr(100, 24), std::string("0000444\0"
                                                 "0000000\0"
                                                 "0000000\0",
                                                 24));
  EXPECT_EQ(archive.substr(124, 12), std::string("00000000007\0", 12));
  EXPECT_EQ(archive.substr(136, 12), std::string("00000000000\0", 12));
  EXPECT_EQ(archive.substr(156, 1), "0");
  EXPECT_EQ(archive.substr(257, 8), std::string("ustar\0"
                                                "00",
                                                8));
  EXPECT_EQ(archive.substr(512, 8), std::string("content\0", 8));
  EXPECT_EQ(archive.substr(1024), std::string(1024, '\0'));
}

TEST(TarWriterTest, ChecksumIsTheSumOfTheHeader) {
  const std::string archive = archive_of("key.jpg", "content");
  std::uint64_t sum = 8 * ' ';
  for (std::size_t i = 0; i < 512; ++i) {
    sum += i < 148 || i >= 156 ? static_cast<unsigned char>(archive[i]) : 0U;
  }
  EXPECT_EQ(std::stoull(archive.substr(148, 6), nullptr, 8), sum);
  EXPECT_EQ(archive.substr(154, 2), std::string("\0 ", 2));
}

TEST(TarWriterTest, WholeBlocksAreNotPadded) {
  EXPECT_EQ(archive_of("a", std::string(512, 'x')).size(), 4 * 512U);
  EXPECT_EQ(archive_of("a", "").size(), 3 * 512U);
}

TEST(TarWriterTest, NameMayFillItsPlace) {
  const std::string name(kMaxTarName, 'n');
  EXPECT_EQ(archive_of(name, "x").substr(0, 104), name + "0000");
}

TEST(TarWriterTest, NameThatIsTooLongIsRefused) {
  const files::TemporaryFolder folder;
  TarWriter tar(files::PendingFile::create(folder / "a.tar").value());
  const auto added = tar.add(std::string(kMaxTarName + 1, 'n'), {});
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error(), "a name of 101 bytes is too long for an archive");
  EXPECT_TRUE(tar.publish());
  EXPECT_EQ(folder.read("a.tar"), std::string(1024, '\0'));
}

}  // namespace
}  // namespace bulkhead::dataset
