#pragma once

#include <string>
#include <vector>

#include <bulkhead/expected.h>

#include "jobs/command_line.h"
#include "records/portions.h"

namespace bulkhead::jobs {

/// The files of a job over records.
struct RecordInputs {
  std::vector<records::FoundFile> files = {};
  std::vector<files::Input> problems = {};  ///< what cannot be read, and why
  std::uint64_t bytes = 0;                  ///< of all files
};

/// Finds them, folders with all that is below them. Files that are not compressed can be cut if the
/// job can. Errors: a line for the user.
Expected<RecordInputs, std::string> find_records(const InputOptions& options);

}  // namespace bulkhead::jobs
