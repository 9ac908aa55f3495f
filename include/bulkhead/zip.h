#pragma once

#include <iterator>
#include <ranges>
#include <utility>

namespace bulkhead {

/// Goes through two ranges side by side, as C++23's std::views::zip does, and ends with the
/// shorter: `for (const auto& [photo, thumbnail] : zip(photos, thumbnails))`. Lvalue ranges must
/// outlive it; rvalue ranges are kept.
template <std::ranges::view First, std::ranges::view Second>
class Zip {
 public:
  Zip(First first, Second second) : first_(std::move(first)), second_(std::move(second)) {}

  class Iterator {
   public:
    using iterator_concept = std::input_iterator_tag;
    using difference_type = std::ptrdiff_t;
    using value_type =
        std::pair<std::ranges::range_reference_t<First>, std::ranges::range_reference_t<Second>>;

    explicit Iterator(Zip& zip)
        : first_(std::ranges::begin(zip.first_)),
          second_(std::ranges::begin(zip.second_)),
          first_end_(std::ranges::end(zip.first_)),
          second_end_(std::ranges::end(zip.second_)) {}

    value_type operator*() const { return {*first_, *second_}; }
    Iterator& operator++() {
      ++first_;
      if (first_ != first_end_) {  // Else the second would wait for a result that nobody wants.
        ++second_;
      }
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const Iterator& iterator, std::default_sentinel_t) {
      return iterator.first_ == iterator.first_end_ || iterator.second_ == iterator.second_end_;
    }

   private:
    std::ranges::iterator_t<First> first_;
    std::ranges::iterator_t<Second> second_;
    std::ranges::sentinel_t<First> first_end_;
    std::ranges::sentinel_t<Second> second_end_;
  };

  Iterator begin() { return Iterator(*this); }
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  First first_;
  Second second_;
};

template <std::ranges::input_range First, std::ranges::input_range Second>
auto zip(First&& first, Second&& second) {
  return Zip(std::views::all(std::forward<First>(first)),
             std::views::all(std::forward<Second>(second)));
}

}  // namespace bulkhead
