#include "dataset/plan.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "dataset/class_list.h"
#include "dataset/groups.h"
#include "dataset/safe_names.h"
#include "dataset/seeded_order.h"

namespace bulkhead::dataset {
namespace {

constexpr const char* kTrain = "train";

std::string_view split_folder(const Candidate& candidate) {
  return cut_path(candidate.folder).first;
}

std::string_view folder_of(std::string_view path) {
  return path.substr(0, path.rfind('/') + 1);  // npos + 1 is 0
}

// One plan, made step by step; each step takes candidates that are still taken.
class Planner {
 public:
  Planner(const PlanInput& input, const PlanRules& rules)
      : input_(input), candidates_(input.candidates), rules_(rules), selection_(candidates_) {}

  Expected<Plan, std::string> make() {
    settle_rules();
    auto columns = find_columns(rules_, input_.table);
    if (!columns) {
      return Unexpected(std::move(columns.error()));
    }
    columns_ = *columns;
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      filter(i);
    }
    keep_splits();
    find_labels();
    find_groups();
    settle_equal_pictures(selection_, rules_.duplicates, rules_.conflict);
    list_classes();
    share_out();
    name_samples();
    order_samples();
    warn();
    plan_.left_out = selection_.left_out();
    return std::move(plan_);
  }

 private:
  std::string_view folders_below_split(std::string_view folder) const {
    return folders_ == SplitFolders::First ? cut_path(folder).rest : folder;
  }

  void settle_rules() {
    if (rules_.split.kind == SplitRule::Kind::Auto) {
      const bool has_train = std::ranges::any_of(candidates_, [](const Candidate& candidate) {
        return split_named_by(split_folder(candidate)) == kTrain;
      });
      rules_.split.kind = has_train ? SplitRule::Kind::Keep : SplitRule::Kind::Shares;
      rules_.split.parts = {{kTrain, 1}};
    }
    folders_ =
        rules_.split.kind == SplitRule::Kind::Keep ? SplitFolders::First : SplitFolders::None;
    if (rules_.labels.kind == WordSource::Kind::Auto) {
      settle_labels();
    }
  }

  void settle_labels() {
    const bool has_folders = std::ranges::any_of(candidates_, [this](const Candidate& candidate) {
      return is_in_a_split(candidate) && !folders_below_split(candidate.folder).empty();
    });
    rules_.labels.kind = has_folders ? WordSource::Kind::Folder : WordSource::Kind::Nothing;
    const bool has_several = std::ranges::any_of(candidates_, [this](const Candidate& candidate) {
      return folder_of(candidate.path) != folder_of(candidates_.front().path);
    });
    if (!has_folders && has_several) {
      plan_.warnings.emplace_back(
          "the photos lie in several folders, but in none below a PATH: there are no labels");
    }
  }

  // What lies in none is rejected, and says nothing about classes.
  bool is_in_a_split(const Candidate& candidate) const {
    return folders_ == SplitFolders::None || split_named_by(split_folder(candidate));
  }

  void filter(std::size_t i) {
    const PictureFilter& filter = rules_.filter;
    const auto [width, height] = candidates_[i].size;
    const auto [shorter, longer] = std::minmax(width, height);
    const std::string size = std::to_string(width) + "x" + std::to_string(height) + " pixels";
    if (shorter < filter.min_side) {
      selection_.leave_out(i, Fate::Filtered, size + ": a side is below --min-side");
    } else if (filter.max_pixels != 0 && imaging::area(candidates_[i].size) > filter.max_pixels) {
      selection_.leave_out(i, Fate::Filtered, size + ": more than --max-pixels");
    } else if (filter.max_aspect > 0 && double(longer) > filter.max_aspect * shorter) {
      selection_.leave_out(i, Fate::Filtered, size + ": longer than --max-aspect");
    }
  }

  void keep_splits() {
    if (rules_.split.kind != SplitRule::Kind::Keep) {
      return;
    }
    selection_.for_each_taken([this](std::size_t i) {
      if (auto split = split_named_by(split_folder(candidates_[i]))) {
        selection_.pick(i).split = *std::move(split);
      } else {
        selection_.leave_out(i, Fate::Rejected, "lies in no folder of a split: train, val or test");
      }
    });
  }

  void find_labels() {
    const Labeller labeller(rules_.labels, folders_, input_.table, columns_.label);
    selection_.for_each_taken([&](std::size_t i) {
      if (auto label = labeller.label_of(candidates_[i])) {
        selection_.pick(i).label = *std::move(label);
      } else {
        selection_.leave_out(i, Fate::Rejected, std::move(label.error()));
      }
    });
  }

  // The folders that may be those of classes; below those of splits where there are such.
  std::vector<std::string> class_folders() const {
    std::vector<std::string> names;
    for (const std::string& folder : input_.class_folders) {
      const auto [first, rest] = cut_path(folder);
      if (folders_ == SplitFolders::None && rest.empty()) {
        names.emplace_back(first);
      } else if (folders_ == SplitFolders::First && split_named_by(first) && !rest.empty()) {
        names.emplace_back(rest);
      }
    }
    return names;
  }

  void list_classes() {
    if (rules_.labels.kind == WordSource::Kind::Nothing) {
      return;
    }
    std::set<std::string> classes;
    selection_.for_each_taken([&](std::size_t i) { classes.insert(selection_.pick(i).label); });
    if (rules_.labels.kind == WordSource::Kind::Folder) {
      const auto folders = class_folders();
      classes.insert(folders.begin(), folders.end());
    }
    classes_.emplace(classes);
    plan_.classes = classes_->names();
    plan_.class_folders = classes_->folders();
    std::ranges::copy(classes_->warnings(), std::back_inserter(plan_.warnings));
  }

  std::size_t number_of_class(const std::string& label) const {
    return classes_ ? classes_->number_of(label) : 0;
  }

  // What --group says of each picture; empty: nothing.
  void find_groups() {
    words_.resize(candidates_.size());
    if (!rules_.groups) {
      return;
    }
    std::optional<std::regex> pattern;
    if (rules_.groups->kind == WordSource::Kind::FileName) {
      pattern.emplace(rules_.groups->argument);
    }
    std::size_t without = 0;
    selection_.for_each_taken([&](std::size_t i) {
      auto word = group_word(candidates_[i], pattern);
      if (!word) {
        selection_.leave_out(i, Fate::Rejected, "has several groups: " + word.error());
        return;
      }
      words_[i] = *std::move(word);
      without += words_[i].empty() ? 1 : 0;
    });
    if (without != 0) {
      plan_.warnings.push_back(std::to_string(without) + " of " +
                               std::to_string(candidates_.size()) +
                               " pictures have no group by --group");
    }
  }

  // Errors: those of a table that contradicts itself.
  Expected<std::string, std::string> group_word(const Candidate& candidate,
                                                const std::optional<std::regex>& pattern) const {
    if (rules_.groups->kind == WordSource::Kind::Folder) {
      return candidate.folder;
    }
    if (rules_.groups->kind == WordSource::Kind::FileName) {
      return first_match(*pattern, candidate.name()).value_or("");
    }
    return input_.table->has(candidate) ? input_.table->cell(candidate, columns_.group)
                                        : std::string();
  }

  std::vector<std::string> texts_of(std::size_t i) const {
    std::vector<std::string> texts = {hex(candidates_[i].sha256)};
    if (!words_[i].empty()) {
      texts.push_back("group " + words_[i]);
    }
    return texts;
  }

  void share_out() {
    std::vector<std::vector<std::string>> texts;
    selection_.for_each_taken([&](std::size_t i) {
      plan_.samples.push_back({.candidate = i, .label = number_of_class(selection_.pick(i).label)});
      texts.push_back(texts_of(i));
    });
    const Groups groups = group_by_texts(texts);
    for (std::size_t s = 0; s < plan_.samples.size(); ++s) {
      plan_.samples[s].group = groups.ids[groups.group_of[s]];
    }
    if (rules_.split.kind == SplitRule::Kind::Keep) {
      keep_groups_together();
      take_kept_splits();
    } else {
      assign(groups);
    }
  }

  // A group that stands in several splits stays in one of them, as equal pictures do.
  void keep_groups_together() {
    std::unordered_map<std::string, std::size_t> kept;  // the first in the split that is taken
    const auto rank_of = [this](std::size_t i) { return rank_of_split(selection_.pick(i).split); };
    for (const PlannedSample& sample : plan_.samples) {
      std::size_t& best = kept.try_emplace(sample.group, sample.candidate).first->second;
      best = rank_of(sample.candidate) > rank_of(best) ? sample.candidate : best;
    }
    std::erase_if(plan_.samples, [&](const PlannedSample& sample) {
      const std::size_t best = kept.at(sample.group);
      const std::string& split = selection_.pick(best).split;
      const bool is_elsewhere = selection_.pick(sample.candidate).split != split;
      if (is_elsewhere) {
        selection_.leave_out(
            sample.candidate, Fate::Filtered,
            "is of one group with " + candidates_[best].path + ", which is in " + split);
      }
      return is_elsewhere;
    });
  }

  void take_kept_splits() {
    for (const std::string_view split : kKeptSplits) {
      const bool is_used = std::ranges::any_of(plan_.samples, [&](const PlannedSample& sample) {
        return selection_.pick(sample.candidate).split == split;
      });
      if (is_used) {
        plan_.splits.emplace_back(split);
      }
    }
    for (PlannedSample& sample : plan_.samples) {
      sample.split = static_cast<std::size_t>(
          std::ranges::find(plan_.splits, selection_.pick(sample.candidate).split) -
          plan_.splits.begin());
    }
  }

  void assign(const Groups& groups) {
    std::vector<SplitGroup> parts(groups.ids.size());
    for (std::size_t s = 0; s < plan_.samples.size(); ++s) {
      SplitGroup& group = parts[groups.group_of[s]];
      group.id = plan_.samples[s].group;
      group.classes.push_back(plan_.samples[s].label);
    }
    const auto assigned = assign_splits(parts, rules_.split.parts, rules_.seed, rules_.strata);
    for (std::size_t s = 0; s < plan_.samples.size(); ++s) {
      plan_.samples[s].split = assigned[groups.group_of[s]];
    }
    for (const SplitPart& part : rules_.split.parts) {
      plan_.splits.push_back(part.name);
    }
  }

  void name_samples() {
    UniqueNames names;
    for (PlannedSample& sample : plan_.samples) {
      const std::string_view name = candidates_[sample.candidate].file_name();
      const std::size_t dot = name.rfind('.');
      sample.key = names.take(safe_key(name.substr(0, dot == 0 ? std::string_view::npos : dot)));
    }
  }

  void order_samples() {
    std::vector<std::uint64_t> numbers(candidates_.size());
    for (const PlannedSample& sample : plan_.samples) {
      numbers[sample.candidate] =
          seeded_number(rules_.seed, "order " + candidates_[sample.candidate].name());
    }
    std::ranges::sort(plan_.samples, {}, [&](const PlannedSample& sample) {
      return std::tuple(sample.split, numbers[sample.candidate], sample.candidate);
    });
  }

  void warn() {
    std::vector<std::size_t> counts(plan_.classes.size(), 0);
    for (const PlannedSample& sample : plan_.samples) {
      if (!counts.empty()) {
        ++counts[sample.label];
      }
    }
    const bool is_shared_out =
        plan_.splits.size() > 1 && rules_.split.kind != SplitRule::Kind::Keep;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (counts[i] == 0) {
        plan_.warnings.push_back("the class '" + plan_.classes[i] + "' has no pictures");
      } else if (counts[i] < plan_.splits.size() && is_shared_out &&
                 rules_.strata == Strata::Classes) {
        plan_.warnings.push_back("the class '" + plan_.classes[i] + "' has " +
                                 std::to_string(counts[i]) + " for " +
                                 std::to_string(plan_.splits.size()) + " splits");
      }
    }
  }

  const PlanInput& input_;
  const std::vector<Candidate>& candidates_;
  PlanRules rules_;
  SplitFolders folders_ = SplitFolders::None;
  TableColumns columns_;
  Selection selection_;
  std::vector<std::string> words_;    // of each candidate, by --group
  std::optional<ClassList> classes_;  // nothing: there are no labels
  Plan plan_;
};

}  // namespace

Expected<TableColumns, std::string> find_columns(const PlanRules& rules, const LabelTable* table) {
  TableColumns columns;
  if (rules.labels.kind == WordSource::Kind::Table) {
    const auto found = table->first_column_of({"label", "class", "category"});
    if (!found) {
      return Unexpected(rules.labels.argument + ": has no column label, class or category");
    }
    columns.label = *found;
  }
  if (rules.groups && rules.groups->kind == WordSource::Kind::Table) {
    const auto found = table == nullptr ? std::nullopt : table->column(rules.groups->argument);
    if (!found) {
      return Unexpected("--group: there is no table of labels with a column " +
                        rules.groups->argument);
    }
    columns.group = *found;
  }
  return columns;
}

Expected<Plan, std::string> make_plan(const PlanInput& input, const PlanRules& rules) {
  return Planner(input, rules).make();
}

}  // namespace bulkhead::dataset
