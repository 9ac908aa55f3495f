#include "extract/element_finder.h"

#include <algorithm>
#include <utility>

namespace bulkhead::extract {

const ElementFinder::Elements& ElementFinder::find(std::uint32_t from, std::span<const Step> path) {
  found_.assign(1, from);
  while (!path.empty()) {
    const Step& step = path.front();
    path = path.subspan(1);
    next_.clear();
    if (step.kind == Step::Kind::Parent) {
      find_parents();
    } else if (step.kind == Step::Kind::Name || step.kind == Step::Kind::Below) {
      // [] and [n] behind a name choose among the elements of that name in one parent.
      Wanted wanted{.name = step.name, .index = std::nullopt};
      const bool has_index = !path.empty() && path.front().kind == Step::Kind::Index;
      const bool has_each = !path.empty() && path.front().kind == Step::Kind::Each;
      if (has_index) {
        wanted.index = path.front().index;
      }
      path = path.subspan(has_index || has_each ? 1 : 0);
      step.kind == Step::Kind::Name ? find_children(wanted) : find_below(wanted);
    }
    std::swap(found_, next_);
  }
  return found_;
}

std::uint32_t ElementFinder::first_in(std::uint32_t element) const {
  return element == kDocument ? 0 : element + 1;
}

std::uint32_t ElementFinder::end_of(std::uint32_t element) const {
  return element == kDocument ? static_cast<std::uint32_t>(tree_.elements.size())
                              : tree_.elements[element].end;
}

void ElementFinder::find_children(const Wanted& wanted) {
  for (const std::uint32_t parent : found_) {
    std::uint32_t index = 0;
    for (std::uint32_t child = first_in(parent); child < end_of(parent); child = end_of(child)) {
      if (tree_.elements[child].name == wanted.name &&
          (!wanted.index || index++ == *wanted.index)) {
        next_.push_back(child);
      }
    }
  }
  // Where one parent is in another, children of the outer one may come behind those of the inner.
  if (!std::ranges::is_sorted(next_)) {
    std::ranges::sort(next_);
  }
}

void ElementFinder::find_below(const Wanted& wanted) {
  seen_.clear();
  std::uint32_t done = 0;
  for (const std::uint32_t outer : found_) {
    // What is in one that is in another has been looked at.
    for (std::uint32_t i = std::max(done, first_in(outer)); i < end_of(outer); ++i) {
      const XmlElement& element = tree_.elements[i];
      const std::uint32_t parent = i == 0 ? kDocument : element.parent;
      if (element.name == wanted.name && (!wanted.index || seen_[parent]++ == *wanted.index)) {
        next_.push_back(i);
      }
    }
    done = std::max(done, end_of(outer));
  }
}

void ElementFinder::find_parents() {
  for (const std::uint32_t element : found_) {
    next_.push_back(tree_.elements[element].parent);
  }
  std::ranges::sort(next_);
  const auto twice = std::ranges::unique(next_);
  next_.erase(twice.begin(), twice.end());
}

}  // namespace bulkhead::extract
