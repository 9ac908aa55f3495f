#pragma once

#include <string>
#include <vector>

#include "job.h"
#include "jobs/size_spec.h"
#include "run_job.h"

namespace bulkhead::jobs {

/// The command line of `bulkhead thumbnails`.
struct ThumbnailsOptions {
  std::vector<std::string> paths = {};
  std::string size = "128";
  std::string output_dir = {};
  std::string output = "{dir}/{stem}_thumbnail.jpg";
  int quality = 75;
  bool recursive = false;
  bool dry_run = false;
  bool quiet = false;
  bool json = false;
  bool strict = false;
  RunOptions run = {};
};

/// Makes a thumbnail of each photo; the status of the program.
int run_thumbnails(const ThumbnailsOptions& options);

/// The row of the table of jobs.
JobAction configure_thumbnails(CLI::App& command);

}  // namespace bulkhead::jobs
