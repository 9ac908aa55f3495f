#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "extract/row_receiver.h"
#include "extract/table_rows.h"
#include "records/reply_parts.h"

namespace bulkhead::extract {

/// Writes rows in a form, and counts them. What is too much for one reply goes into parts.
class RowWriter final : public RowReceiver {
 public:
  RowWriter(const ExtractQuery& query, ExtractReply& reply, records::PartWriter& parts);

  /// What comes from now on is of this portion.
  void begin(const records::Portion& portion, PortionRows& rows);

  void on_row(const Row& row, RowState state) override;
  void on_bad_record(const BadRecord& record) override;

 private:
  void write(const Row& row);
  void write_separated(const Row& row, char separator);
  void write_json(const Row& row);
  void pack(const Row& row);
  void describe(const Row& row);
  void put_down_if_large();

  const ExtractQuery& query_;
  ExtractReply& reply_;
  records::PartWriter& parts_;
  std::vector<std::string> json_names_;  // ready to be written
  const records::Portion* portion_ = nullptr;
  PortionRows* rows_ = nullptr;
  std::size_t rejected_bytes_ = 0;  // in the reply
};

}  // namespace bulkhead::extract
