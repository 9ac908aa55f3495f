#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "records/text_counts.h"
#include "records/weight.h"

namespace bulkhead::records {

/// The texts that came most often, out of tables that have no text in common and need not be there
/// at once.
class TextRanking {
 public:
  struct Row {
    std::string text = {};
    Weight weight = {};
  };

  /// All texts of one more table, of which the `most` first can be among the first of all.
  void add(const TextCounts& table, std::size_t most);

  /// Of all tables.
  std::uint64_t size() const { return size_; }
  /// By ranks_before().
  const std::vector<Row>& rows() const { return rows_; }

 private:
  std::uint64_t size_ = 0;
  std::vector<Row> rows_;
};

}  // namespace bulkhead::records
