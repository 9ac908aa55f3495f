#pragma once

#include <memory>
#include <string>
#include <vector>

#include <bulkhead/expected.h>

#include "extract/table_rows.h"

namespace bulkhead::jobs {

/// Where rows go, in the order in which they come.
class RowOutput {
 public:
  virtual ~RowOutput() = default;
  virtual void add(const extract::ExtractReply& reply) = 0;
  /// The last call. Errors: a line for the user.
  virtual Expected<void, std::string> finish() = 0;
};

/// The output of a form: a file at `path` that appears when it is whole, or the standard output;
/// a database needs a path, and `table` is its table. Errors: a line for the user.
Expected<std::unique_ptr<RowOutput>, std::string> open_output(
    extract::RowForm form, const std::string& path, const std::string& table,
    const std::vector<extract::Column>& columns);

}  // namespace bulkhead::jobs
