#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include <bulkhead/codec.h>

/// Values of many types, and their bytes.
namespace bulkhead {

template <class T>
Bytes encoded(const T& value) {
  Bytes bytes;
  Encoder out(bytes);
  out(value);
  return bytes;
}

template <class T>
T decoded(std::span<const std::byte> bytes) {
  Decoder in(bytes);
  T value = detail::decode<T>(in);
  EXPECT_EQ(in.bytes_left(), 0U);
  return value;
}

enum class Colour : std::uint16_t { Red = 1, Green = 60'000 };

struct Point {
  int x = 0;
  double y = 0;
  bool operator==(const Point&) const = default;
};

struct Named {
  std::string name;
  std::optional<Point> at;
  std::vector<Named> children;
  bool operator==(const Named&) const = default;
};

struct WithArrays {
  int before = 0;
  std::string names[3];
  std::array<std::string, 2> pair;
  char code[4] = {};
  std::string after;
  bool operator==(const WithArrays&) const = default;
};

struct Empty {
  bool operator==(const Empty&) const = default;
};

struct Tagged {
  Empty nothing;
  std::string text;
  std::variant<int, std::string, Point> content;
  std::map<std::string, std::vector<int>> table;
  bool operator==(const Tagged&) const = default;
};

struct Widest {
  std::string a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x;
  bool operator==(const Widest&) const = default;
};

class Account {
 public:
  Account() = default;
  Account(std::string owner, int cents) : owner_(std::move(owner)), cents_(cents) {}
  template <class Archive>
  void serialize(Archive& archive) {
    archive(owner_, cents_);
  }
  bool operator==(const Account&) const = default;

 private:
  std::string owner_;
  int cents_ = 0;
};

/// Says nothing of itself: its bytes are its number in a container.
class Silent {
 public:
  template <class Archive>
  void serialize(Archive&) {}
  bool operator==(const Silent&) const = default;

 private:
  std::string cache_;
};

}  // namespace bulkhead
