#pragma once

#include <string>
#include <vector>

#include "dataset/make_sample.h"
#include "dataset/plan.h"
#include "dataset/webdataset_output.h"
#include "job.h"
#include "jobs/command_line.h"
#include "run_job.h"

namespace bulkhead::jobs {

/// The forms that a data set is written in.
enum class DatasetForm : std::uint8_t { Folder, Webdataset, Npy };

/// The command line of `bulkhead dataset`.
struct DatasetOptions {
  InputOptions inputs = {};
  std::string output = {};
  dataset::PlanRules plan = {};
  dataset::SampleRules samples = {};
  std::string extension = "jpg";  ///< of the files; empty: those of the pictures
  std::vector<DatasetForm> forms = {DatasetForm::Folder};
  dataset::ShardLimit shard = {};
  std::string rejects = {};  ///< empty: rejects.jsonl in the data set
  bool verifies = false;     ///< all that was written is read back
  bool quiet = false;
  RunOptions run = {};
};

/// Makes the data set; the status of the program.
int run_dataset(const DatasetOptions& options);

/// The row of the table of jobs.
JobAction configure_dataset(CLI::App& command);

}  // namespace bulkhead::jobs
