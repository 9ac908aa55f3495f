// Any bytes, taken for a value: decoding gives a value or a SerializationError, and a value that
// was decoded is encoded and decoded to itself.
//
// Input: a byte that picks the type, then the bytes.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include <bulkhead/codec.h>
#include <bulkhead/error.h>

#include "seed_inputs.h"

namespace {

using bulkhead::Bytes;
using bulkhead::Decoder;
using bulkhead::Encoder;

struct Tree {
  std::string name;
  std::optional<double> weight;
  std::vector<Tree> branches;
};

class Account {
 public:
  template <class Archive>
  void serialize(Archive& archive) {
    archive(owner_, cents_, is_open_);
  }

 private:
  std::string owner_;
  std::vector<std::int64_t> cents_;
  bool is_open_ = false;
};

struct Everything {
  std::map<std::string, std::variant<std::monostate, int, std::string>> table;
  std::array<std::string, 2> pair;
  std::u16string wide;
  std::set<std::tuple<int, std::string>> set;
  std::deque<std::vector<bool>> flags;
  bulkhead::Expected<std::filesystem::path, std::string> path = bulkhead::Unexpected(std::string());
};

template <class T>
Bytes encoded(const T& value) {
  Bytes bytes;
  Encoder out(bytes);
  out(value);
  return bytes;
}

template <class T>
void try_decode(std::span<const std::byte> bytes) {
  try {
    Decoder in(bytes);
    const auto value = bulkhead::detail::decode<T>(in);
    const Bytes once = encoded(value);
    Decoder again(once);
    if (encoded(bulkhead::detail::decode<T>(again)) != once || again.bytes_left() != 0) {
      std::abort();
    }
  } catch (const bulkhead::SerializationError&) {
  }
}

using Try = void (*)(std::span<const std::byte> bytes);
constexpr Try kTries[] = {
    try_decode<Tree>,
    try_decode<std::vector<Account>>,
    try_decode<Everything>,
    try_decode<std::vector<std::monostate>>,
    try_decode<std::vector<bulkhead::RemoteWhat>>,
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t byte_count) {
  if (byte_count == 0) {
    return 0;
  }
  const std::span<const std::uint8_t> input(bytes, byte_count);
  kTries[input[0] % std::size(kTries)](std::as_bytes(input.subspan(1)));
  return 0;
}

namespace bulkhead::fuzz {

namespace {

template <class T>
std::vector<std::uint8_t> seed(std::uint8_t type, const T& value) {
  std::vector<std::uint8_t> input{type};
  for (const std::byte byte : encoded(value)) {
    input.push_back(std::to_integer<std::uint8_t>(byte));
  }
  return input;
}

}  // namespace

std::vector<std::vector<std::uint8_t>> seed_inputs() {
  Everything everything;
  everything.table = {{"a", 1}, {"b", "text"}, {"c", std::monostate()}};
  everything.pair = {"left", "right"};
  everything.wide = u"wide";
  everything.set = {{1, "one"}};
  everything.flags = {{true, false}, {}};
  return {seed(0, Tree{"root", 1.5, {{"leaf", std::nullopt, {}}, {"other", 2.0, {}}}}),
          seed(1, std::vector<Account>(2)), seed(2, everything),
          seed(3, std::vector<std::monostate>(5)),
          seed(4, std::vector<RemoteWhat>{{"std::runtime_error", "why", 0, ""}})};
}

}  // namespace bulkhead::fuzz
