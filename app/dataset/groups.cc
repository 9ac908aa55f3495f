#include "dataset/groups.h"

#include <numeric>
#include <string_view>
#include <unordered_map>

namespace bulkhead::dataset {
namespace {

// Disjoint sets with path halving (Tarjan and van Leeuwen 1984).
class DisjointSets {
 public:
  explicit DisjointSets(std::size_t count) : parents_(count) {
    std::iota(parents_.begin(), parents_.end(), std::size_t{0});
  }

  std::size_t find(std::size_t item) {
    while (parents_[item] != item) {
      parents_[item] = parents_[parents_[item]];
      item = parents_[item];
    }
    return item;
  }

  void unite(std::size_t one, std::size_t other) { parents_[find(other)] = find(one); }

 private:
  std::vector<std::size_t> parents_;
};

}  // namespace

Groups group_by_texts(const std::vector<std::vector<std::string>>& texts_of_items) {
  DisjointSets sets(texts_of_items.size());
  std::unordered_map<std::string_view, std::size_t> first_with;
  for (std::size_t item = 0; item < texts_of_items.size(); ++item) {
    for (const std::string& text : texts_of_items[item]) {
      sets.unite(first_with.try_emplace(text, item).first->second, item);
    }
  }
  Groups groups;
  std::unordered_map<std::size_t, std::size_t> number_of;
  for (std::size_t item = 0; item < texts_of_items.size(); ++item) {
    const auto [entry, is_new] = number_of.try_emplace(sets.find(item), groups.ids.size());
    if (is_new) {
      groups.ids.push_back(texts_of_items[item].front());
    }
    std::string& id = groups.ids[entry->second];
    for (const std::string& text : texts_of_items[item]) {
      id = text < id ? text : id;
    }
    groups.group_of.push_back(entry->second);
  }
  return groups;
}

}  // namespace bulkhead::dataset
