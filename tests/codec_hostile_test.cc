// Bytes that no encoder wrote: they are a value or an error, and cost no memory.

#include <bit>
#include <cstdint>
#include <filesystem>
#include <list>
#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include <bulkhead/codec.h>
#include <bulkhead/error.h>

#include "codec_values.h"

namespace bulkhead {
namespace {

/// A container that claims to have that many elements, and has eight bytes.
Bytes claiming(std::uint64_t elements) {
  return encoded(std::pair(elements, std::uint64_t{0}));
}

template <class T>
class HostileLengthTest : public testing::Test {};
using Containers =
    testing::Types<std::string, std::u32string, std::vector<int>, std::vector<char>,
                   std::vector<bool>, std::vector<std::string>, std::list<int>, std::set<int>,
                   std::map<int, int>, std::unordered_map<std::string, int>, std::vector<Empty>,
                   std::vector<std::monostate>, std::vector<std::tuple<>>, std::vector<Silent>,
                   std::list<std::array<int, 0>>, std::filesystem::path, std::vector<Named>>;
TYPED_TEST_SUITE(HostileLengthTest, Containers);

TYPED_TEST(HostileLengthTest, ThrowsBeforeItAllocates) {
  for (const std::uint64_t lie :
       {std::uint64_t{9}, std::uint64_t{1} << 32, std::uint64_t{1} << 61, std::uint64_t{1} << 62,
        std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
    const Bytes bytes = claiming(lie);
    Decoder in(bytes);
    EXPECT_THROW(detail::decode<TypeParam>(in), SerializationError) << lie;
  }
}

TEST(HostileBytesTest, VariantOfNoAlternativeThrows) {
  using Either = std::variant<int, std::string>;
  for (const std::uint64_t index : {std::uint64_t{2}, ~std::uint64_t{0}}) {
    const Bytes bytes = encoded(std::pair(index, 0));
    Decoder in(bytes);
    EXPECT_THROW(detail::decode<Either>(in), SerializationError);
  }
}

TEST(HostileBytesTest, AnyByteIsABool) {
  const Bytes bytes{std::byte{2}};
  EXPECT_TRUE(decoded<bool>(bytes));
}

TEST(HostileBytesTest, RandomBytesAreAValueOrAnError) {
  for (unsigned seed = 1; seed <= 20'000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::minstd_rand random(seed);
    Bytes bytes(random() % 200);
    for (auto& byte : bytes) {
      byte = static_cast<std::byte>(random() % 4 == 0 ? random() : random() % 3);
    }
    try {
      Decoder in(bytes);
      detail::decode<Tagged>(in);
      detail::decode<Named>(in);
      detail::decode<std::vector<Account>>(in);
    } catch (const SerializationError&) {
    }
  }
}

struct Switch {
  bool on = false;
  int volume = 0;
};

TEST(HostileBytesTest, ABoolInsideAStructIsABoolWhateverTheBytesSay) {
  Bytes bytes;
  Encoder out(bytes);
  out(Switch{true, 7});
  bytes[0] = std::byte{200};
  Decoder in(bytes);
  const auto decoded = detail::decode<Switch>(in);
  const unsigned char stored = std::bit_cast<unsigned char>(decoded.on);
  EXPECT_EQ(stored, 1);
  EXPECT_EQ(decoded.volume, 7);
}

struct Nested {
  std::vector<Nested> inside;
};

TEST(HostileBytesTest, NestingWithoutEndIsRefused) {
  Bytes bytes;
  Encoder out(bytes);
  for (int depth = 0; depth < 100'000; ++depth) {
    out.count(1);
  }
  Decoder in(bytes);
  EXPECT_THROW((void)detail::decode<Nested>(in), SerializationError);
}

}  // namespace
}  // namespace bulkhead
