#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "extract/path.h"
#include "extract/xml_tree.h"

namespace bulkhead::extract {

/// Finds the elements of an XML file that paths lead to. Each step takes all elements of the step
/// before at once, so that none is found twice, and the time is that of the steps together.
class ElementFinder {
 public:
  using Elements = std::vector<std::uint32_t>;

  /// What is around the root: paths of rows may begin there.
  static constexpr std::uint32_t kDocument = std::numeric_limits<std::uint32_t>::max();

  /// The tree must outlive the finder.
  explicit ElementFinder(const XmlTree& tree) : tree_(tree) {}

  /// Each once, in the order of the file; valid until the next call. A step for an attribute leads
  /// to none.
  const Elements& find(std::uint32_t from, std::span<const Step> path);

 private:
  // Elements of a name, of those of one parent all or the one at a place.
  struct Wanted {
    const std::string& name;
    std::optional<std::uint32_t> index;
  };

  std::uint32_t first_in(std::uint32_t element) const;
  std::uint32_t end_of(std::uint32_t element) const;
  void find_children(const Wanted& wanted);
  void find_below(const Wanted& wanted);
  void find_parents();

  const XmlTree& tree_;
  Elements found_;  // by the steps so far
  Elements next_;
  std::unordered_map<std::uint32_t, std::uint32_t> seen_;  // of a name, in each parent
};

}  // namespace bulkhead::extract
