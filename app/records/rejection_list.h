#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "records/rejection.h"

namespace bulkhead::records {

/// Many rejected records of one portion in little memory: a few bytes for each besides the record
/// itself, as there may be as many as there are bytes in a file. Reasons are few.
class RejectionList {
 public:
  /// Numbers and offsets only grow.
  void add(std::uint64_t number, std::uint64_t offset, std::string_view reason,
           std::string_view raw);

  /// Calls visit(const Rejection&) for each, in their order.
  template <class Visit>
  void for_each(Visit visit) const {
    std::string_view rest = bytes_;
    for (Rejection rejection; take(rest, rejection);) {
      visit(rejection);
    }
  }

  /// Of memory, about.
  std::size_t bytes() const { return bytes_.size(); }

  template <class Archive>
  void serialize(Archive& archive) {
    archive(bytes_, reasons_);
  }

 private:
  /// The next one; `rejection` is the one before. False: there is none.
  bool take(std::string_view& rest, Rejection& rejection) const;
  std::size_t place_of(std::string_view reason);

  std::string bytes_;  // number and offset less those before, place of the reason, length, record
  std::vector<std::string> reasons_;
  std::uint64_t last_number_ = 0;
  std::uint64_t last_offset_ = 0;
};

}  // namespace bulkhead::records
