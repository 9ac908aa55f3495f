#include "dataset/equal_pictures.h"

#include <algorithm>
#include <map>
#include <vector>

#include "dataset/splits.h"

namespace bulkhead::dataset {
namespace {

// Those with the same bytes, in the order of the candidates.
using Equals = std::vector<std::size_t>;

void settle_labels(Selection& selection, const Equals& pictures, LabelConflict conflict) {
  const auto label_of = [&](std::size_t i) { return selection.pick(i).label; };
  const std::size_t first = pictures.front();
  const std::string label = label_of(first);
  const auto other =
      std::ranges::find_if(pictures, [&](std::size_t i) { return label_of(i) != label; });
  if (other == pictures.end()) {
    return;
  }
  const auto& candidates = selection.candidates();
  const std::string reason = "has several labels: equal pictures are " + label + " (" +
                             candidates[first].path + ") and " + label_of(*other) + " (" +
                             candidates[*other].path + ")";
  for (const std::size_t i : pictures) {
    if (conflict == LabelConflict::TakeFirst) {
      selection.pick(i).label = label;
    } else {
      selection.leave_out(i, Fate::Rejected, reason);
    }
  }
}

void settle_splits(Selection& selection, const Equals& pictures) {
  const auto kept = std::ranges::max_element(
      pictures, {}, [&](std::size_t i) { return rank_of_split(selection.pick(i).split); });
  const std::string split = selection.pick(*kept).split;
  for (const std::size_t i : pictures) {
    if (selection.is_taken(i) && selection.pick(i).split != split) {
      selection.leave_out(i, Fate::Duplicate,
                          "is in " + split + " as " + selection.candidates()[*kept].path);
    }
  }
}

void remove_duplicates(Selection& selection, const Equals& pictures) {
  const auto is_taken = [&](std::size_t i) { return selection.is_taken(i); };
  const auto kept = std::ranges::find_if(pictures, is_taken);
  if (kept == pictures.end()) {
    return;
  }
  for (auto i = kept + 1; i != pictures.end(); ++i) {
    selection.leave_out(*i, Fate::Duplicate, "is equal to " + selection.candidates()[*kept].path);
  }
}

}  // namespace

void settle_equal_pictures(Selection& selection, Duplicates duplicates, LabelConflict conflict) {
  std::map<Sha256, Equals> equals;
  selection.for_each_taken(
      [&](std::size_t i) { equals[selection.candidates()[i].sha256].push_back(i); });
  for (const auto& [hash, pictures] : equals) {
    if (pictures.size() == 1) {
      continue;
    }
    settle_labels(selection, pictures, conflict);
    settle_splits(selection, pictures);
    if (duplicates == Duplicates::Remove) {
      remove_duplicates(selection, pictures);
    }
  }
}

}  // namespace bulkhead::dataset
