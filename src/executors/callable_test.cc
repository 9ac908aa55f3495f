#include <bit>
#include <cstdint>
#include <cstring>
#include <new>

#include <gtest/gtest.h>

#include <bulkhead/detail/callable.h>
#include <bulkhead/error.h>

namespace bulkhead::detail {

namespace {

TEST(CallableTest, TheGapBetweenTwoCapturesIsNotTakenForAnAddress) {
  const int on_the_stack = 0;
  const auto address = std::bit_cast<std::uint64_t>(&on_the_stack);
  const auto lower_half = static_cast<std::uint32_t>(address);
  const auto upper_half = static_cast<std::uint32_t>(address >> 32);
  const auto function = [lower_half, offset = 0.5] { return lower_half * offset; };
  using Function = decltype(function);
  static_assert(sizeof(Function) == 16);

  alignas(Function) std::array<std::byte, sizeof(Function)> storage{};
  std::memcpy(storage.data(), &function, sizeof function);
  std::memcpy(storage.data() + 4, &upper_half, sizeof upper_half);
  const auto* in_dirty_memory = std::launder(reinterpret_cast<const Function*>(storage.data()));

  EXPECT_NO_THROW((pack_callable<std::remove_const_t<Function>>(*in_dirty_memory)));
}

TEST(CallableTest, EqualCapturesGiveEqualBytes) {
  const auto make = [](int fill) {
    struct Scale {
      char unit;
      double factor;
      double operator()(double x) const { return unit * factor * x; }
    };
    alignas(Scale) std::array<std::byte, sizeof(Scale)> storage{};
    std::memset(storage.data(), fill, storage.size());
    auto* scale = std::launder(reinterpret_cast<Scale*>(storage.data()));
    scale->unit = 'm';
    scale->factor = 0.5;
    return pack_callable<Scale, double>(*scale).closure;
  };
  EXPECT_EQ(make(0), make(0xFF));
}

TEST(CallableTest, AnAddressOfTheCallersStackIsRefused) {
  int local = 1;
  const auto function = [&local] { return local; };
  EXPECT_THROW((pack_callable<std::remove_const_t<decltype(function)>>(function)), UnsafeCapture);
}

}  // namespace

}  // namespace bulkhead::detail
