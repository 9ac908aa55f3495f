// What may cross between processes, and that it arrives as it was.

#include <cmath>
#include <complex>
#include <deque>
#include <limits>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include <gtest/gtest.h>

#include <bulkhead/codec.h>
#include <bulkhead/error.h>

#include "codec_values.h"

namespace bulkhead {
namespace {

/// The value arrives; and no shorter piece of its bytes is taken for a value.
template <class T>
void expect_crosses(const T& value) {
  static_assert(Transferable<T>);
  const Bytes bytes = encoded(value);
  EXPECT_TRUE(decoded<T>(bytes) == value);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    Decoder in(std::span<const std::byte>(bytes.data(), size));
    EXPECT_THROW(detail::decode<T>(in), SerializationError) << size << " of " << bytes.size();
  }
}

TEST(CodecTest, ScalarsCross) {
  expect_crosses(0);
  expect_crosses(std::numeric_limits<std::int64_t>::min());
  expect_crosses(std::numeric_limits<std::uint64_t>::max());
  expect_crosses('x');
  expect_crosses(true);
  expect_crosses(false);
  expect_crosses(1.5F);
  expect_crosses(-0.0);
  expect_crosses(std::numeric_limits<long double>::max());
  expect_crosses(Colour::Green);
  expect_crosses(std::byte{200});
}

TEST(CodecTest, NotANumberStaysOne) {
  EXPECT_TRUE(std::isnan(decoded<double>(encoded(std::nan("")))));
}

TEST(CodecTest, TextCrosses) {
  expect_crosses(std::string());
  expect_crosses(std::string("with\0zero", 9));
  expect_crosses(std::string(100, 'a'));
  expect_crosses(std::u16string(u"höhe"));
  expect_crosses(std::wstring(L"höhe"));
  expect_crosses(std::filesystem::path("a/b\xff.jpg"));
}

TEST(CodecTest, ContainersCross) {
  expect_crosses(std::vector<int>{1, 2, 3});
  expect_crosses(std::vector<int>{});
  expect_crosses(std::vector<bool>{true, false, true});
  expect_crosses(std::vector<std::string>{"a", "", "ccc"});
  expect_crosses(std::vector<std::vector<Point>>{{{1, 2}}, {}});
  expect_crosses(std::deque<std::string>{"a", "b"});
  expect_crosses(std::list<int>{3, 2, 1});
  expect_crosses(std::set<std::string>{"a", "b"});
  expect_crosses(std::multiset<int>{1, 1, 2});
  expect_crosses(std::map<std::string, Point>{{"a", {1, 2}}, {"b", {3, 4}}});
  expect_crosses(std::multimap<int, std::string>{{1, "a"}, {1, "b"}});
  expect_crosses(std::unordered_map<std::string, int>{{"a", 1}, {"b", 2}});
  expect_crosses(std::unordered_set<int>{1, 2, 3});
}

TEST(CodecTest, ArraysCross) {
  expect_crosses(std::array<int, 3>{1, 2, 3});
  expect_crosses(std::array<std::string, 2>{"a", "b"});
  expect_crosses(std::array<bool, 2>{true, false});
  expect_crosses(std::array<std::array<std::string, 2>, 2>{{{"a", "b"}, {"c", "d"}}});
  expect_crosses(std::array<int, 0>{});
}

TEST(CodecTest, PairsAndTuplesCross) {
  expect_crosses(std::pair(1, std::string("a")));
  expect_crosses(std::tuple(1, std::string("a"), Point{1, 2}));
  expect_crosses(std::tuple<>());
  expect_crosses(std::tuple(std::vector<int>{1}));
}

TEST(CodecTest, OptionalsCross) {
  expect_crosses(std::optional<int>());
  expect_crosses(std::optional<int>(0));
  expect_crosses(std::optional<std::string>("a"));
  expect_crosses(std::optional<std::optional<int>>(std::optional<int>()));
  expect_crosses(std::optional<std::optional<int>>());
  expect_crosses(std::optional<bool>(false));
}

TEST(CodecTest, VariantsCross) {
  using Either = std::variant<std::monostate, int, std::string>;
  expect_crosses(Either());
  expect_crosses(Either(5));
  expect_crosses(Either("text"));
  expect_crosses(std::variant<int, int>(std::in_place_index<1>, 3));
}

TEST(CodecTest, ExpectedsCross) {
  using Result = Expected<std::string, int>;
  EXPECT_EQ(*decoded<Result>(encoded(Result("a"))), "a");
  EXPECT_EQ(decoded<Result>(encoded(Result(Unexpected(3)))).error(), 3);
  using Done = Expected<void, std::string>;
  EXPECT_TRUE(decoded<Done>(encoded(Done())).has_value());
  EXPECT_EQ(decoded<Done>(encoded(Done(Unexpected(std::string("no"))))).error(), "no");
}

TEST(CodecTest, TimesCross) {
  expect_crosses(std::chrono::milliseconds(5));
  expect_crosses(std::chrono::system_clock::now());
  expect_crosses(std::complex<double>(1, 2));
}

TEST(CodecTest, AggregatesCrossWithoutALineOfCode) {
  expect_crosses(Point{1, 2.5});
  expect_crosses(Empty{});
  expect_crosses(Named{"root", Point{1, 2}, {{"leaf", std::nullopt, {}}, {}}});
  expect_crosses(WithArrays{1, {"a", "b", "c"}, {"d", "e"}, {'w', 'x', 'y', 'z'}, "after"});
  expect_crosses(Tagged{{}, "t", Point{1, 2}, {{"a", {1, 2}}, {"b", {}}}});
}

TEST(CodecTest, AggregateOfTwentyFourFieldsCrosses) {
  Widest value;
  value.a = "first";
  value.x = "last";
  expect_crosses(value);
}

TEST(CodecTest, ClassesThatSerializeThemselvesCross) {
  expect_crosses(Account("Ada", 5));
  expect_crosses(std::vector<Account>{{"Ada", 5}, {"Bob", 6}});
  expect_crosses(std::map<int, Account>{{1, {"Ada", 5}}});
  expect_crosses(std::optional<Account>(Account("Ada", 5)));
}

TEST(CodecTest, ContainersOfEmptyElementsCross) {
  expect_crosses(std::vector<std::monostate>(3));
  expect_crosses(std::vector<std::tuple<>>(3));
  expect_crosses(std::vector<Empty>(3));
  expect_crosses(std::vector<Silent>(3));
  expect_crosses(std::vector<std::array<std::monostate, 2>>(3));
  expect_crosses(std::vector<std::pair<std::monostate, std::monostate>>(3));
}

TEST(CodecTest, ValuesFollowEachOtherInTheirOrder) {
  Bytes bytes;
  Encoder out(bytes);
  out(1, std::string("two"), 3.0);
  Decoder in(bytes);
  int one = 0;
  std::string two;
  double three = 0;
  in(one, two, three);
  EXPECT_EQ(one, 1);
  EXPECT_EQ(two, "two");
  EXPECT_EQ(three, 3.0);
  EXPECT_EQ(in.bytes_left(), 0U);
}

// ---- what may not cross

struct HoldsAPointer {
  int* pointer;
};
struct HoldsAView {
  std::string name;
  std::vector<std::string_view> views;
};
struct HoldsALock {
  std::mutex lock;
};
struct TooWide {
  Widest wide;
  std::string a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y;
};

static_assert(!Transferable<int*>);
static_assert(!Transferable<const char*>);
static_assert(!Transferable<void (*)()>);
static_assert(!Transferable<int Point::*>);
static_assert(!Transferable<int&>);
static_assert(!Transferable<std::nullptr_t>);
static_assert(!Transferable<std::string_view>);
static_assert(!Transferable<std::span<int>>);
static_assert(!Transferable<std::span<const std::byte, 4>>);
static_assert(!Transferable<std::initializer_list<int>>);
static_assert(!Transferable<std::reference_wrapper<int>>);
static_assert(!Transferable<std::unique_ptr<int>>);
static_assert(!Transferable<std::shared_ptr<int>>);
static_assert(!Transferable<std::weak_ptr<int>>);
static_assert(!Transferable<std::function<void()>>);
static_assert(!Transferable<std::mutex>);
static_assert(!Transferable<std::atomic<int>>);
static_assert(!Transferable<std::error_code>);
static_assert(!Transferable<std::vector<int>::iterator>);
static_assert(!Transferable<std::vector<int*>>);
static_assert(!Transferable<std::vector<std::string_view>>);
static_assert(!Transferable<std::map<int*, int>>);
static_assert(!Transferable<std::map<int, std::span<int>>>);
static_assert(!Transferable<std::pair<int, int*>>);
static_assert(!Transferable<std::tuple<int, int*>>);
static_assert(!Transferable<std::tuple<std::string_view>>);
static_assert(!Transferable<std::optional<int*>>);
static_assert(!Transferable<std::optional<std::string_view>>);
static_assert(!Transferable<std::variant<int, int*>>);
static_assert(!Transferable<std::variant<std::string_view, int>>);
static_assert(!Transferable<Expected<int*, int>>);
static_assert(!Transferable<Expected<int, const char*>>);
static_assert(!Transferable<Expected<void, const char*>>);
static_assert(!Transferable<std::array<int*, 2>>);
static_assert(!Transferable<HoldsAPointer>);
static_assert(!Transferable<std::optional<HoldsAPointer>>);
static_assert(!Transferable<std::vector<HoldsAPointer>>);
static_assert(!Transferable<HoldsAView>);
static_assert(!Transferable<HoldsALock>);
static_assert(!Transferable<TooWide>);

static_assert(detail::field_count<Point>() == 2);
static_assert(detail::field_count<Empty>() == 0);
static_assert(detail::field_count<Named>() == 3);
static_assert(detail::field_count<WithArrays>() == 5);
static_assert(detail::field_count<Tagged>() == 4);
static_assert(detail::field_count<Widest>() == 24);

}  // namespace
}  // namespace bulkhead
