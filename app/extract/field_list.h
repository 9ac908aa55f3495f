#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace bulkhead::extract {

/// The fields of one record after the other. Keeps its memory, and looks whether that is enough
/// only when asked to: tables have a field every few bytes.
class FieldList {
 public:
  void clear() { count_ = 0; }
  /// So many can be added without asking again.
  void make_room(std::size_t more) {
    if (fields_.size() - count_ < more) {
      fields_.resize((count_ + more) * 2);
    }
  }
  /// There must be room.
  void add(std::string_view field) { fields_[count_++] = field; }

  std::size_t size() const { return count_; }
  std::string_view operator[](std::size_t place) const { return fields_[place]; }
  /// There must be one.
  std::string_view& back() { return fields_[count_ - 1]; }
  const std::string_view* begin() const { return fields_.data(); }
  const std::string_view* end() const { return fields_.data() + count_; }

 private:
  std::vector<std::string_view> fields_;
  std::size_t count_ = 0;
};

}  // namespace bulkhead::extract
