#include "records/text_ranking.h"

#include <algorithm>
#include <tuple>

namespace bulkhead::records {

void TextRanking::add(const TextCounts& table, std::size_t most) {
  size_ += table.size();
  for (const auto& [text, weight] : table.top(most)) {
    rows_.push_back({std::string(text), weight});
  }
  std::ranges::sort(rows_, [](const Row& a, const Row& b) {
    return std::tie(b.weight.hits, a.text) < std::tie(a.weight.hits, b.text);
  });
  rows_.resize(std::min(most, rows_.size()));
}

}  // namespace bulkhead::records
