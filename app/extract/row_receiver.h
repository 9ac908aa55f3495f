#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::extract {

/// The value of one column in one row; nothing: the row has none.
using Cell = std::optional<std::string_view>;

/// One row, as the columns asked for.
using Row = std::vector<Cell>;

/// What a row had that is odd, and what was made of it.
enum class RowState : std::uint8_t {
  Whole,
  Padded,   ///< it was too short
  Trimmed,  ///< empty fields at its end were too many
};

/// A record that is no row.
struct BadRecord {
  std::uint64_t offset = 0;  ///< of its first byte
  std::string reason = {};
  std::string_view raw = {};
};

/// Takes the rows of a file, one after the other.
class RowReceiver {
 public:
  virtual ~RowReceiver() = default;
  /// Cells are views that last until the return.
  virtual void on_row(const Row& row, RowState state) = 0;
  virtual void on_bad_record(const BadRecord& record) = 0;
};

}  // namespace bulkhead::extract
