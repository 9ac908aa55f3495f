#pragma once

#include <ranges>
#include <string>
#include <vector>

#include "gate.h"
#include "victims.h"

/// Items of maps, and what is done with them.
namespace bulkhead {

/// The gate holds up one item of a map; the others are squared.
inline int square_behind_gate(int item, int held, const std::string& gate) {
  if (item == held) {
    Gate::pass(gate);
  }
  return victims::square(item);
}

inline std::vector<int> squares(int count) {
  std::vector<int> expected;
  for (int i = 0; i < count; ++i) {
    expected.push_back(victims::square(i));
  }
  return expected;
}

/// The numbers from 0 on, each counted when it is taken.
inline auto counted(int& taken) {
  return std::views::iota(0) | std::views::transform([&taken](int item) {
           ++taken;
           return item;
         });
}

}  // namespace bulkhead
