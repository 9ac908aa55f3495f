#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <bulkhead/expected.h>

#include "files/nameless_file.h"
#include "jobs/command_line.h"
#include "records/portions.h"

namespace bulkhead::jobs {

/// The files of a job over records, each once.
struct RecordInputs {
  std::vector<records::FoundFile> files = {};
  std::vector<files::Input> problems = {};        ///< what cannot be read, and why
  std::vector<files::NamelessFile> streams = {};  ///< hold what pipes brought
  std::uint64_t bytes = 0;                        ///< of all files
  std::size_t repeated = 0;                       ///< files that were there already, under any name
  std::size_t own_outputs = 0;                    ///< files in folders that the job itself writes
};

/// Finds them, folders with all that is below them. Files that are not compressed can be cut if the
/// job can. `-` is the standard input; that and FIFOs that are named are read to their end, since
/// several workers read what they bring, some of it twice.
/// `outputs` are the paths of files that the job will write, or empty.
/// Errors: a line for the user; an output is another one, or a file that was named as an input; `-`
/// is the list of files, too.
Expected<RecordInputs, std::string> find_records(const InputOptions& options,
                                                 const std::vector<std::string>& outputs);

}  // namespace bulkhead::jobs
