#pragma once

#include <cstdint>
#include <memory>

#include <bulkhead/map.h>

namespace bulkhead::detail {

/// Items of another input in groups, each of which is the arguments of a FoldGroup: how many, and
/// their bytes.
///
/// Which items are a group depends on nothing but the items, so that a sum of numbers whose
/// addition rounds is the same with any number of workers and at any speed.
class GroupsInput final : public MapInput {
 public:
  /// `group_size` 0: groups grow with what went before.
  GroupsInput(std::unique_ptr<MapInput> items, std::size_t group_size)
      : items_(std::move(items)), group_size_(group_size) {}

  bool take(EncodedItems& groups, std::size_t count, std::size_t bytes) override;
  void print(std::ostream&, Decoder&) const override {}

 private:
  std::size_t next_size() const;
  bool take_one(EncodedItems& groups);

  const std::unique_ptr<MapInput> items_;
  const std::size_t group_size_;
  std::uint64_t taken_ = 0;  ///< items
};

}  // namespace bulkhead::detail
