#include "executors/groups_input.h"

#include <algorithm>

namespace bulkhead::detail {

namespace {
/// A group is so small a part of what went before it, so that whoever gets the last one, however
/// long an item takes, keeps the others waiting for a hundredth of the whole at most.
constexpr std::uint64_t kPart = 256;
/// A group of so many costs little beside its items, however short they are.
constexpr std::uint64_t kLargest = 4096;
/// Items that are large themselves gain nothing from a larger group.
constexpr std::size_t kEnoughBytes = std::size_t{256} * 1024;
}  // namespace

bool GroupsInput::take(EncodedItems& groups, std::size_t count, std::size_t bytes) {
  for (; count > 0 && (groups.size() == 0 || groups.bytes() < bytes); --count) {
    if (!take_one(groups)) {
      return false;
    }
  }
  return true;
}

std::size_t GroupsInput::next_size() const {
  return group_size_ != 0 ? group_size_ : std::clamp<std::uint64_t>(taken_ / kPart, 1, kLargest);
}

bool GroupsInput::take_one(EncodedItems& groups) {
  EncodedItems items;
  const bool has_more = items_->take(items, next_size(), kEnoughBytes);
  if (items.size() > 0) {
    const ItemRange range{taken_, taken_ + items.size()};
    groups.append_group(range, [&items](Encoder& out) {
      out(std::uint64_t{items.size()});
      const auto bytes = items.all();
      out.count(bytes.size());
      out.raw(bytes.data(), bytes.size());
    });
    taken_ = range.end;
  }
  return has_more;
}

}  // namespace bulkhead::detail
