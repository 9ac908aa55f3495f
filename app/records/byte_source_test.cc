#include "records/byte_source.h"

#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "files/temporary_folder.h"

namespace bulkhead::records {
namespace {

// As a program of that name would write it.
using Pack = std::string (*)(const std::string& text);

std::string gzip(const std::string& text) {
  std::string packed(text.size() + 100, '\0');
  z_stream stream{};
  deflateInit2(&stream, 1, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
  std::string in = text;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<unsigned>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<unsigned>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string zstd(const std::string& text) {
  const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(),
                                                                     ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  packed.resize(
      ZSTD_compress2(context.get(), packed.data(), packed.size(), text.data(), text.size()));
  return packed;
}

std::string xz(const std::string& text) {
  std::string packed(lzma_stream_buffer_bound(text.size()), '\0');
  std::size_t filled = 0;
  EXPECT_EQ(lzma_easy_buffer_encode(0, LZMA_CHECK_CRC64, nullptr,
                                    reinterpret_cast<const std::uint8_t*>(text.data()), text.size(),
                                    reinterpret_cast<std::uint8_t*>(packed.data()), &filled,
                                    packed.size()),
            LZMA_OK);
  packed.resize(filled);
  return packed;
}

std::string bzip2(const std::string& text) {
  std::string packed(text.size() + text.size() / 100 + 600, '\0');
  std::string in = text;
  auto filled = static_cast<unsigned>(packed.size());
  BZ2_bzBuffToBuffCompress(packed.data(), &filled, in.data(), static_cast<unsigned>(in.size()), 1,
                           0, 0);
  packed.resize(filled);
  return packed;
}

// Reads in pieces of an odd size.
struct Unpacked {
  std::string text;
  std::string problem;
};

Unpacked read_all(const std::string& path) {
  Unpacked unpacked;
  auto source = open_bytes(path, 0);
  if (!source) {
    return {{}, source.error()};
  }
  std::vector<char> room(7001);
  for (;;) {
    const auto got = (*source)->read(room);
    if (!got || *got == 0) {
      unpacked.problem = got ? "" : got.error();
      return unpacked;
    }
    unpacked.text.append(room.data(), *got);
  }
}

std::string long_text() {
  std::string text;
  for (int i = 0; i < 100'000; ++i) {
    text += std::to_string(i * 7919) + "\n";
  }
  return text;
}

class CompressionTest : public testing::TestWithParam<Pack> {
 protected:
  files::TemporaryFolder folder_;
};

TEST_P(CompressionTest, IsToldByContentAndUnpacked) {
  const std::string text = long_text();
  const Unpacked unpacked = read_all(folder_.write("a.txt", GetParam()(text)));
  EXPECT_EQ(unpacked.problem, "");
  EXPECT_TRUE(unpacked.text == text);
}

TEST_P(CompressionTest, MembersFollowOneAnother) {
  const Unpacked unpacked =
      read_all(folder_.write("a", GetParam()("one") + GetParam()("") + GetParam()("two")));
  EXPECT_EQ(unpacked.problem, "");
  EXPECT_EQ(unpacked.text, "onetwo");
}

TEST_P(CompressionTest, WhatIsCutOffGivesItsStartAndSaysSo) {
  const std::string text = long_text();
  const std::string packed = GetParam()(text);
  const Unpacked unpacked = read_all(folder_.write("a", packed.substr(0, packed.size() * 9 / 10)));
  EXPECT_EQ(unpacked.problem, "is cut off");
  EXPECT_TRUE(text.starts_with(unpacked.text));
}

TEST_P(CompressionTest, WhatIsDamagedIsAnError) {
  std::string packed = GetParam()(long_text());
  for (std::size_t at = packed.size() / 2; at < packed.size() / 2 + 40; ++at) {
    packed[at] = static_cast<char>(~packed[at]);
  }
  const Unpacked unpacked = read_all(folder_.write("a", packed));
  EXPECT_TRUE(unpacked.problem.starts_with("is damaged: ")) << unpacked.problem;
}

INSTANTIATE_TEST_SUITE_P(Formats, CompressionTest, testing::Values(gzip, zstd, xz, bzip2));

TEST(ByteSourceTest, ZeroBytesBehindAMemberOfGzipAreNothing) {
  const files::TemporaryFolder folder;
  const std::string zeros(300'000, '\0');
  const Unpacked unpacked = read_all(folder.write("a", gzip("one") + zeros + gzip("two") + zeros));
  EXPECT_EQ(unpacked.problem, "");
  EXPECT_EQ(unpacked.text, "onetwo");
  EXPECT_NE(read_all(folder.write("b", gzip("one") + zeros + "x")).problem, "");
}

TEST(ByteSourceTest, BeginsWhereItIsToldTo) {
  const files::TemporaryFolder folder;
  auto source = open_bytes(folder.write("a", "0123456789"), 4);
  ASSERT_TRUE(source);
  std::vector<char> room(100);
  const auto got = (*source)->read(room);
  ASSERT_TRUE(got);
  EXPECT_EQ(std::string(room.data(), *got), "456789");
}

}  // namespace
}  // namespace bulkhead::records
