#include "imaging/webp_chunks.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace bulkhead::imaging {
namespace {

using namespace std::string_literals;

std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string exif_of(const std::string& webp) {
  return text_of(find_webp_chunk(std::as_bytes(std::span(webp)), "EXIF"));
}

const std::string kStart = "RIFF\x20\0\0\0WEBP"s;

TEST(WebpChunksTest, ComeInOrderAndOddOnesArePadded) {
  const std::string webp = kStart + "VP8 \x03\0\0\0abc\0"s + "EXIF\x02\0\0\0MM"s;
  WebpChunks chunks(std::as_bytes(std::span(webp)));
  std::vector<std::string> found;
  while (const auto chunk = chunks.next()) {
    found.push_back(std::string(chunk->type) + "=" + text_of(chunk->payload));
  }
  EXPECT_EQ(found, std::vector({"VP8 =abc"s, "EXIF=MM"s}));
}

TEST(WebpChunksTest, OneIsFoundBehindOthersAsFarAsItGoes) {
  EXPECT_EQ(exif_of(kStart + "VP8 \x03\0\0\0abc\0"s + "EXIF\x04\0\0\0MM\0*"s), "MM\0*"s);
  EXPECT_EQ(exif_of(kStart + "EXIF\x09\0\0\0MM"s), "MM");
  EXPECT_EQ(exif_of(kStart + "VP8 \xFF\xFF\xFF\xFF"s + "EXIF\x02\0\0\0MM"s), "");
  EXPECT_EQ(exif_of(kStart + "EXIF"s), "");
  EXPECT_EQ(exif_of("RIFF"), "");
}

}  // namespace
}  // namespace bulkhead::imaging
