#include "records/rejection_list.h"

#include <algorithm>
#include <utility>

namespace bulkhead::records {
namespace {

constexpr unsigned kBits = 7;
constexpr std::uint64_t kMore = std::uint64_t{1} << kBits;

// Seven bits a byte, the lowest first; all but the last byte have the eighth set (LEB128).
void append_number(std::string& bytes, std::uint64_t number) {
  for (; number >= kMore; number >>= kBits) {
    bytes += static_cast<char>(number % kMore | kMore);
  }
  bytes += static_cast<char>(number);
}

std::uint64_t take_number(std::string_view& rest) {
  std::uint64_t number = 0;
  for (unsigned shift = 0; shift < 64 && !rest.empty(); shift += kBits) {
    const auto byte = static_cast<unsigned char>(rest.front());
    rest.remove_prefix(1);
    number |= byte % kMore << shift;
    if (byte < kMore) {
      break;
    }
  }
  return number;
}

}  // namespace

void RejectionList::add(std::uint64_t number, std::uint64_t offset, std::string_view reason,
                        std::string_view raw) {
  append_number(bytes_, number - std::exchange(last_number_, number));
  append_number(bytes_, offset - std::exchange(last_offset_, offset));
  append_number(bytes_, place_of(reason));
  append_number(bytes_, raw.size());
  bytes_ += raw;
}

bool RejectionList::take(std::string_view& rest, Rejection& rejection) const {
  if (rest.empty()) {
    return false;
  }
  rejection.number += take_number(rest);
  rejection.offset += take_number(rest);
  const std::uint64_t reason = take_number(rest);
  rejection.reason = reason < reasons_.size() ? reasons_[reason] : "";
  const std::uint64_t length = take_number(rest);
  rejection.raw = rest.substr(0, length);
  rest.remove_prefix(rejection.raw.size());
  return true;
}

std::size_t RejectionList::place_of(std::string_view reason) {
  const auto known = std::ranges::find(reasons_, reason);
  const auto place = static_cast<std::size_t>(known - reasons_.begin());
  if (known == reasons_.end()) {
    reasons_.emplace_back(reason);
  }
  return place;
}

}  // namespace bulkhead::records
