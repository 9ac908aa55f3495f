#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace bulkhead::dataset {

/// The classes of a data set. They are numbered in the bytewise order of their folders, as readers
/// of class folders number them.
class ClassList {
 public:
  /// No class for no label.
  explicit ClassList(const std::set<std::string>& labels);

  /// Of a label that it was made of.
  std::size_t number_of(const std::string& label) const { return numbers_.at(label); }

  /// What each class is called: its label, which is made UTF-8 where it is not. No two are equal.
  const std::vector<std::string>& names() const { return names_; }
  const std::vector<std::string>& folders() const { return folders_; }

  /// For people: classes that have another name, or the folder of another name.
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  std::vector<std::string> names_;
  std::vector<std::string> folders_;
  std::unordered_map<std::string, std::size_t> numbers_;
  std::vector<std::string> warnings_;
};

}  // namespace bulkhead::dataset
