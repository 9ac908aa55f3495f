#pragma once

#include <string>

#include "extract/table_rows.h"
#include "job.h"
#include "jobs/command_line.h"
#include "run_job.h"

namespace bulkhead::jobs {

/// The command line of `bulkhead extract`.
struct ExtractOptions {
  InputOptions inputs = {};
  extract::ExtractQuery query = {};  ///< without columns: all that there are
  std::string output = {};           ///< empty: the standard output
  std::string table = "rows";        ///< of a database
  std::string rejects = {};          ///< empty: they are only counted
  bool quiet = false;
  RunOptions run = {};

  bool makes_database() const { return query.form == extract::RowForm::Packed; }
};

/// Reads the files and writes the rows; the status of the program.
int run_extract(const ExtractOptions& options);

/// The row of the table of jobs.
JobAction configure_extract(CLI::App& command);

}  // namespace bulkhead::jobs
