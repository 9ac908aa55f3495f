#include "dataset/splits.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

#include "dataset/seeded_order.h"

namespace bulkhead::dataset {
namespace {

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

std::optional<SplitPart> parse_part(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || !is_name(text.substr(0, equals))) {
    return std::nullopt;
  }
  SplitPart part{std::string(text.substr(0, equals))};
  const std::string_view number = text.substr(equals + 1);
  const auto [stopped, error] =
      std::from_chars(number.data(), number.data() + number.size(), part.share);
  const bool is_whole = error == std::errc() && stopped == number.data() + number.size();
  if (!is_whole || !(part.share > 0 && part.share <= 1)) {
    return std::nullopt;
  }
  return part;
}

// How many samples of each class each part shall get.
class Quotas {
 public:
  Quotas(const std::vector<SplitPart>& parts, std::uint64_t seed) : parts_(parts), seed_(seed) {}

  void count(std::size_t of_class) { ++counts_[of_class]; }

  // Classes one after the other, in an order of their own; what is lost by rounding is made up for
  // in the next ones.
  void set() {
    std::vector<std::pair<std::uint64_t, std::size_t>> order;
    for (const auto& [of_class, count] : counts_) {
      order.emplace_back(seeded_number(seed_, "class " + std::to_string(of_class)), of_class);
    }
    std::ranges::sort(order);
    std::vector<double> owed(parts_.size(), 0);
    for (const auto& [number, of_class] : order) {
      set_class(of_class, owed);
    }
  }

  std::int64_t& left(std::size_t of_class, std::size_t part) { return left_[of_class][part]; }

 private:
  void set_class(std::size_t of_class, std::vector<double>& owed) {
    // A share of .3 of 10 samples is 3 of them, whatever its binary digits are.
    constexpr double kRoundingError = 1e-9;
    const auto count = static_cast<double>(counts_[of_class]);
    std::vector<std::int64_t>& quota = left_[of_class];
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const double wanted = count * parts_[i].share;
      quota.push_back(static_cast<std::int64_t>(std::floor(wanted + kRoundingError)));
      owed[i] += wanted - static_cast<double>(quota.back());
    }
    auto rest = static_cast<std::int64_t>(counts_[of_class]) -
                std::accumulate(quota.begin(), quota.end(), std::int64_t{0});
    for (; rest > 0; --rest) {
      const auto most = std::ranges::max_element(owed);
      *most -= 1;
      ++quota[static_cast<std::size_t>(most - owed.begin())];
    }
  }

  const std::vector<SplitPart>& parts_;
  std::uint64_t seed_;
  std::map<std::size_t, std::size_t> counts_;
  std::map<std::size_t, std::vector<std::int64_t>> left_;
};

// The large groups first, as they fit in nowhere later.
std::vector<std::size_t> order_of(const std::vector<SplitGroup>& groups, std::uint64_t seed) {
  std::vector<std::uint64_t> numbers;
  for (const SplitGroup& group : groups) {
    numbers.push_back(seeded_number(seed, group.id));
  }
  std::vector<std::size_t> order(groups.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) {
    return std::tuple(~groups[i].classes.size(), numbers[i], std::string_view(groups[i].id));
  });
  return order;
}

}  // namespace

Expected<SplitRule, std::string> parse_split(std::string_view text) {
  if (text == "keep") {
    return SplitRule{.kind = SplitRule::Kind::Keep};
  }
  constexpr double kRoundingError = 1e-6;
  SplitRule rule{.kind = SplitRule::Kind::Shares};
  double sum = 0;
  for (std::string_view rest = text; rest.data() != nullptr;) {
    const std::size_t comma = rest.find(',');
    const auto part = parse_part(rest.substr(0, comma));
    const bool is_new =
        part && std::ranges::find(rule.parts, part->name, &SplitPart::name) == rule.parts.end();
    if (!is_new) {
      return Unexpected("'" + std::string(text) +
                        "' is not keep, or names with their shares: train=.8,val=.1,test=.1");
    }
    sum += part->share;
    rule.parts.push_back(*part);
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
  }
  if (std::abs(sum - 1) > kRoundingError) {
    return Unexpected("the shares of '" + std::string(text) + "' do not add up to 1");
  }
  return rule;
}

std::optional<std::string> split_named_by(std::string_view folder) {
  std::string lower(folder);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kNames = {
      {{"train", "train"},
       {"training", "train"},
       {"val", "val"},
       {"valid", "val"},
       {"validation", "val"},
       {"dev", "val"},
       {"test", "test"},
       {"testing", "test"}}};
  for (const auto& [name, split] : kNames) {
    if (lower == name) {
      return std::string(split);
    }
  }
  return std::nullopt;
}

std::vector<std::size_t> assign_splits(const std::vector<SplitGroup>& groups,
                                       const std::vector<SplitPart>& parts, std::uint64_t seed,
                                       Strata strata) {
  const auto stratum = [strata](std::size_t of_class) {
    return strata == Strata::Classes ? of_class : 0;
  };
  Quotas quotas(parts, seed);
  for (const SplitGroup& group : groups) {
    for (const std::size_t of_class : group.classes) {
      quotas.count(stratum(of_class));
    }
  }
  quotas.set();
  std::vector<std::size_t> assigned(groups.size());
  for (const std::size_t i : order_of(groups, seed)) {
    std::vector<std::int64_t> room(parts.size(), 0);
    for (const std::size_t of_class : groups[i].classes) {
      for (std::size_t part = 0; part < parts.size(); ++part) {
        room[part] += quotas.left(stratum(of_class), part);
      }
    }
    assigned[i] = static_cast<std::size_t>(std::ranges::max_element(room) - room.begin());
    for (const std::size_t of_class : groups[i].classes) {
      --quotas.left(stratum(of_class), assigned[i]);
    }
  }
  return assigned;
}

}  // namespace bulkhead::dataset
