#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "dataset/candidate.h"

namespace bulkhead::dataset {

/// Why a picture does not become a sample.
enum class Fate : std::uint8_t { Rejected, Filtered, Duplicate };

struct LeftOut {
  std::size_t candidate = 0;
  Fate fate = Fate::Rejected;
  std::string reason = {};
};

/// Which candidates are taken, and what is known of those.
class Selection {
 public:
  struct Pick {
    std::string label = {};
    std::string split = {};  ///< that its folder names; empty: none does
  };

  /// All of them. `candidates` must outlive it.
  explicit Selection(const std::vector<Candidate>& candidates)
      : candidates_(candidates), picks_(candidates.size()) {}

  const std::vector<Candidate>& candidates() const { return candidates_; }
  Pick& pick(std::size_t i) { return picks_[i]; }
  const Pick& pick(std::size_t i) const { return picks_[i]; }

  bool is_taken(std::size_t i) const { return !left_out_.contains(i); }
  /// The first reason is kept.
  void leave_out(std::size_t i, Fate fate, std::string reason) {
    left_out_.try_emplace(i, LeftOut{i, fate, std::move(reason)});
  }

  /// Calls step(i) for each that is taken, in their order.
  template <class Step>
  void for_each_taken(Step step) const {
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      if (is_taken(i)) {
        step(i);
      }
    }
  }

  /// In the order of the candidates.
  std::vector<LeftOut> left_out() const {
    std::vector<LeftOut> all;
    for (const auto& [candidate, left_out] : left_out_) {
      all.push_back(left_out);
    }
    return all;
  }

 private:
  const std::vector<Candidate>& candidates_;
  std::vector<Pick> picks_;
  std::map<std::size_t, LeftOut> left_out_;
};

}  // namespace bulkhead::dataset
