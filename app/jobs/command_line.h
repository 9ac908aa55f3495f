#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include <bulkhead/expected.h>

#include "files/file_list.h"
#include "files/find_inputs.h"
#include "run_job.h"

namespace bulkhead::jobs {

/// The default of --timeout for jobs whose tasks are photos.
inline constexpr std::chrono::seconds kPhotoTimeout{30};

/// The default of --memory for them, in bytes: 2 GiB, which the largest photo that the limits of
/// pixels let pass does not need, or half of what the machine has, where that is less.
std::uint64_t photo_memory();

/// The first lines of --help; `what_paths_are` is said behind "PATH: ".
class Usage : public CLI::Formatter {
 public:
  explicit Usage(std::string what_paths_are) : what_paths_are_(std::move(what_paths_are)) {}
  std::string make_usage(const CLI::App* app, std::string name) const override;

 private:
  std::string what_paths_are_;
};

/// Has CLI11 leave the paths over, and writes them to `paths` when the command line is read: it
/// could collect them itself, but then it would take a folder called "[2020]" for a list with one
/// element, "2020". An unknown option throws CLI::ExtrasError.
void take_paths(CLI::App& command, std::vector<std::string>& paths);

/// One value for each time that the option is given.
CLI::Option* add_repeated(CLI::App& command, const std::string& names,
                          std::vector<std::string>& values, const std::string& description);

/// A number of bytes, 0 or more, perhaps with a unit: "20K", "2G".
CLI::Option* add_byte_count(CLI::App& command, const std::string& name, std::uint64_t& bytes,
                            const std::string& description);

/// Which files a job is to read, and how their names come to it.
struct InputOptions {
  std::vector<std::string> paths = {};
  std::string files_from = {};  ///< a file with more paths
  files::NameEnd name_end = files::NameEnd::NewLine;
  files::ScanOptions scan = {};
};

/// Adds the options about files in folders and lists of files. `options` must outlive the reading.
void add_inputs(CLI::App& command, InputOptions& options);

/// The paths, and what the list of files adds to them. The error is a line for the user.
Expected<std::vector<std::string>, std::string> listed_paths(const InputOptions& options);

/// Adds how the job runs. `options` has the defaults and must outlive the reading; `limited` says
/// what --timeout is the limit of.
void add_run_options(CLI::App& command, RunOptions& options, const std::string& limited);

/// Adds what one worker may allocate, for jobs that have no limit for all together; `options` has
/// the default, which is also called "auto".
void add_worker_memory(CLI::App& command, RunOptions& options);

}  // namespace bulkhead::jobs
