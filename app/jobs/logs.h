#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "job.h"
#include "jobs/command_line.h"
#include "logs/read_logs.h"
#include "run_job.h"

namespace bulkhead::jobs {

/// How the report is written.
enum class LogsForm : std::uint8_t { Text, Json, Csv, Sqlite };

/// The command line of `bulkhead logs`.
struct LogsOptions {
  InputOptions inputs = {};
  logs::LogQuery query = {};
  LogsForm form = LogsForm::Text;
  std::size_t top = 20;
  std::string output = {};   ///< empty: the standard output
  std::string rejects = {};  ///< empty: they are only counted
  std::uint64_t memory = std::uint64_t{1} << 30U;
  bool quiet = false;
  RunOptions run = {};

  bool makes_database() const { return form == LogsForm::Sqlite; }
};

/// Reads the logs and writes the report; the status of the program.
int run_logs(const LogsOptions& options);

/// The row of the table of jobs.
JobAction configure_logs(CLI::App& command);

}  // namespace bulkhead::jobs
