#pragma once

#include <cstddef>
#include <vector>

namespace bulkhead::records {

/// A set of small values in one piece of memory: open addressing, linear probing. Hash is a
/// function object whose low bits are well mixed.
template <class Value, class Hash>
class FlatSet {
 public:
  void insert(const Value& value) {
    Slot& slot = slot_of(value);
    if (slot.is_taken) {
      return;
    }
    slot = {value, true};
    if (++size_ * 2 > slots_.size()) {
      grow();
    }
  }

  /// Asks for the memory that insert() will look at.
  void prefetch(const Value& value) const {
    __builtin_prefetch(&slots_[Hash{}(value) & (slots_.size() - 1)]);
  }

  std::size_t size() const { return size_; }
  /// Of memory.
  std::size_t bytes() const { return slots_.size() * sizeof(Slot); }

  /// Calls visit(value) for each, in no order that means anything.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const Slot& slot : slots_) {
      if (slot.is_taken) {
        visit(slot.value);
      }
    }
  }

 private:
  struct Slot {
    Value value{};
    bool is_taken = false;
  };

  // Where the value is, or belongs.
  Slot& slot_of(const Value& value) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = Hash{}(value)&mask;
    while (slots_[at].is_taken && !(slots_[at].value == value)) {
      at = (at + 1) & mask;
    }
    return slots_[at];
  }

  void grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.is_taken) {
        slot_of(slot.value) = slot;
      }
    }
  }

  static constexpr std::size_t kFirstSlots = 64;

  std::vector<Slot> slots_ = std::vector<Slot>(kFirstSlots);
  std::size_t size_ = 0;
};

}  // namespace bulkhead::records
