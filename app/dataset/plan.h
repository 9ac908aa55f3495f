#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <bulkhead/expected.h>

#include "dataset/candidate.h"
#include "dataset/equal_pictures.h"
#include "dataset/label_table.h"
#include "dataset/labels.h"
#include "dataset/selection.h"
#include "dataset/splits.h"

namespace bulkhead::dataset {

/// Which pictures are taken.
struct PictureFilter {
  int min_side = 0;              ///< of the shorter side
  std::uint64_t max_pixels = 0;  ///< 0: no limit
  double max_aspect = 0;         ///< of the longer side to the shorter; 0: no limit
};

/// How pictures become a data set.
struct PlanRules {
  WordSource labels = {};
  std::optional<WordSource> groups = {};
  SplitRule split = {};
  Strata strata = Strata::Classes;
  std::uint64_t seed = 0;
  Duplicates duplicates = Duplicates::KeepTogether;
  LabelConflict conflict = LabelConflict::Reject;
  PictureFilter filter = {};
};

/// A picture that becomes a sample.
struct PlannedSample {
  std::size_t candidate = 0;  ///< its place among them
  std::size_t label = 0;      ///< its place among the classes; 0 without classes
  std::size_t split = 0;      ///< its place among the splits
  std::string group = {};     ///< what decided about its split
  std::string key = {};
};

/// What a data set will consist of, and in which order it is written.
struct Plan {
  std::vector<std::string> classes = {};        ///< as ClassList has them; none: no labels
  std::vector<std::string> class_folders = {};  ///< of each class
  std::vector<std::string> splits = {};
  std::vector<PlannedSample> samples = {};  ///< split by split, each in an order of its own
  std::vector<LeftOut> left_out = {};       ///< in the order of the candidates
  std::vector<std::string> warnings = {};   ///< for people
};

/// What a plan is made of.
struct PlanInput {
  const std::vector<Candidate>& candidates;
  /// Folders that may be those of classes, though no picture lies in them.
  const std::vector<std::string>& class_folders;
  const LabelTable* table = nullptr;  ///< where the rules ask for one
};

/// Where a table has what the rules ask it for.
struct TableColumns {
  std::size_t label = 0;  ///< where labels are those of the table
  std::size_t group = 0;  ///< where groups are
};

/// `table` is null where the rules ask for no labels of one. Errors, for people: there is no such
/// column.
Expected<TableColumns, std::string> find_columns(const PlanRules& rules, const LabelTable* table);

/// Every candidate is in the plan once. The same candidates and rules give the same plan.
/// Errors, for people: rules that do not fit the candidates.
Expected<Plan, std::string> make_plan(const PlanInput& input, const PlanRules& rules);

}  // namespace bulkhead::dataset
