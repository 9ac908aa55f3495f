#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <bulkhead/expected.h>

namespace bulkhead::dataset {

/// A part of a data set, and how large it shall be.
struct SplitPart {
  std::string name;
  double share = 1;  ///< of all samples

  friend bool operator==(const SplitPart&, const SplitPart&) = default;
};

/// How samples are split.
struct SplitRule {
  enum class Kind : std::uint8_t {
    Auto,    ///< Keep where SRC has a folder for training, else all in one part "train"
    Keep,    ///< as the first folders below SRC say
    Shares,  ///< by shares
  };
  Kind kind = Kind::Auto;
  std::vector<SplitPart> parts = {};  ///< for Shares
};

/// Reads "keep" or "train=.8,val=.1,test=.1". Names are made of letters, digits, "-" and "_"; the
/// shares add up to 1. Errors, for people: anything else.
Expected<SplitRule, std::string> parse_split(std::string_view text);

/// The usual name of a split that a folder is called after: "train", "val" or "test" (for
/// "validation", "Testing" and the like). Nothing: it is no such folder.
std::optional<std::string> split_named_by(std::string_view folder);

/// These names, from the one that equal pictures leave first.
inline constexpr std::array<std::string_view, 3> kKeptSplits = {"train", "val", "test"};

/// The place of a split among them.
inline std::size_t rank_of_split(std::string_view split) {
  return static_cast<std::size_t>(std::ranges::find(kKeptSplits, split) - kKeptSplits.begin());
}

/// Whether the shares hold for each class by itself.
enum class Strata : std::uint8_t { None, Classes };

/// What goes into one part as a whole.
struct SplitGroup {
  std::string id = {};                    ///< decides, with the seed, where it goes
  std::vector<std::size_t> classes = {};  ///< of each of its samples
};

/// The part of each group, as its place among `parts`. In each class (or in all together) parts
/// have their shares of the samples, rounded so that the sums over the classes have theirs, as far
/// as groups of several samples allow it. The same seed, ids and parts give the same result, in
/// whatever order the groups come.
std::vector<std::size_t> assign_splits(const std::vector<SplitGroup>& groups,
                                       const std::vector<SplitPart>& parts, std::uint64_t seed,
                                       Strata strata);

}  // namespace bulkhead::dataset
