#include "dataset/npy_output.h"

#include <gtest/gtest.h>

#include "files/temporary_folder.h"

namespace bulkhead::dataset {
namespace {

TEST(NpyOutputTest, HeaderIsThatOfVersionOne) {
  const std::string header = npy_header("|u1", {7, 2, 3});
  ASSERT_EQ(header.size(), 128U);
  EXPECT_EQ(header.substr(0, 10), std::string("\x93NUMPY\x01\x00\x76\x00", 10));
  EXPECT_EQ(header.substr(10, 64),
            "{'descr': '|u1', 'fortran_order': False, 'shape': (7, 2, 3), }  ");
  EXPECT_EQ(header.back(), '\n');
  EXPECT_NE(npy_header("<i8", {7}).find("'shape': (7,), }"), std::string::npos);
}

TEST(NpyOutputTest, RowsAndLabelsFollowEachOther) {
  const files::TemporaryFolder folder;
  NpyOutput output(folder.path(), nullptr);
  Sample sample;
  sample.size = {2, 1};
  sample.values = {std::byte{1}, std::byte{2}};
  SamplePlace place;
  ASSERT_TRUE(output.add({.split = "train", .label = 1}, sample, place));
  sample.values = {std::byte{3}, std::byte{4}};
  ASSERT_TRUE(output.add({.split = "train", .label = 0}, sample, place));
  EXPECT_EQ(place.row, 1U);
  const auto files = output.finish();
  ASSERT_TRUE(files);
  ASSERT_EQ(files->size(), 2U);
  EXPECT_EQ(folder.read("train_images.npy"), npy_header("|u1", {2, 1, 2, 1}) + "\1\2\3\4");
  EXPECT_EQ(folder.read("train_labels.npy"),
            npy_header("<i8", {2}) + std::string("\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16));
}

TEST(NpyOutputTest, SampleOfAnotherSizeIsRefused) {
  const files::TemporaryFolder folder;
  NpyOutput output(folder.path(), nullptr);
  Sample sample;
  sample.size = {1, 1};
  sample.values = {std::byte{1}};
  SamplePlace place;
  ASSERT_TRUE(output.add({.split = "train"}, sample, place));
  sample.values.push_back(std::byte{2});
  EXPECT_FALSE(output.add({.split = "train", .key = "b"}, sample, place));
}

}  // namespace
}  // namespace bulkhead::dataset
