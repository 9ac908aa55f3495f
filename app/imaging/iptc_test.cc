#include "imaging/iptc.h"

#include <string>

#include <gtest/gtest.h>

namespace bulkhead::imaging {
namespace {

using namespace std::string_literals;

std::string iptc_in(const std::string& app13) {
  const auto found = iptc_in_resources(std::as_bytes(std::span(app13)));
  return {reinterpret_cast<const char*>(found.data()), found.size()};
}

const std::string kStart = "Photoshop 3.0\0"s;
const std::string kResolution =
    "8BIM\x03\xED\0\0\0\0\0\x03"
    "abc\0"s;
const std::string kNamed =
    "8BIM\x03\xEE\x04"
    "name\0\0\0\0\x02"
    "xy"s;
const std::string kIptc =
    "8BIM\x04\x04\0\0\0\0\0\x05"
    "IPTC!\0"s;

TEST(IptcTest, IsFoundAmongOtherResources) {
  EXPECT_EQ(iptc_in(kStart + kIptc), "IPTC!");
  EXPECT_EQ(iptc_in(kStart + kResolution + kNamed + kIptc), "IPTC!");
}

TEST(IptcTest, NoneOrACutOneIsEmpty) {
  EXPECT_EQ(iptc_in(kStart + kResolution), "");
  EXPECT_EQ(iptc_in(kIptc), "");
  const std::string whole = kStart + kNamed + kIptc;
  for (std::size_t size = 0; size < whole.size() - 1; ++size) {
    EXPECT_EQ(iptc_in(whole.substr(0, size)), "") << size;
  }
}

TEST(IptcTest, ComesBackFromResourcesOfItsOwn) {
  for (const std::string& iptc : {"even"s, "odd"s}) {
    const auto payload = resources_with_iptc(std::as_bytes(std::span(iptc)));
    EXPECT_EQ(payload.size() % 2, 0U);
    EXPECT_EQ(iptc_in({reinterpret_cast<const char*>(payload.data()), payload.size()}), iptc);
  }
}

}  // namespace
}  // namespace bulkhead::imaging
