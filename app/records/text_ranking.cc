#include "records/text_ranking.h"

#include <algorithm>

namespace bulkhead::records {

void TextRanking::add(const TextCounts& table, std::size_t most) {
  size_ += table.size();
  for (const auto& [text, weight] : table.top(most)) {
    rows_.push_back({std::string(text), weight});
  }
  std::ranges::sort(rows_, ranks_before<Row>);
  rows_.resize(std::min(most, rows_.size()));
}

}  // namespace bulkhead::records
