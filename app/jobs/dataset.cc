#include "jobs/dataset.h"

#include <algorithm>
#include <cstdio>
#include <optional>

#include "display/console.h"
#include "display/escape.h"
#include "jobs/dataset_run.h"
#include "jobs/label_table_file.h"

namespace bulkhead::jobs {
namespace {

using display::Console;

// Those of classes lie directly below SRC, or below the folder of a split.
constexpr std::ptrdiff_t kMostSlashes = 1;

DatasetInputs find_pictures(const InputOptions& options, const std::vector<std::string>& paths) {
  DatasetInputs found;
  files::ScanOptions scan = options.scan;
  scan.recursive = true;
  scan.on_folder = [&found](const std::string& below) {
    if (std::ranges::count(below, '/') <= kMostSlashes) {
      found.folders.push_back(below);
    }
  };
  found.pictures = files::find_inputs(paths, scan);
  return found;
}

int refuse(Console& console, const std::string& problem) {
  console.error("bulkhead dataset: " + display::printable(problem));
  return static_cast<int>(ExitStatus::CannotStart);
}

}  // namespace

int run_dataset(const DatasetOptions& options) {
  Console console(stdout, stderr,
                  options.quiet ? Console::Verbosity::Quiet : Console::Verbosity::Normal);
  const auto paths = listed_paths(options.inputs);
  if (!paths) {
    return refuse(console, paths.error());
  }
  if (paths->empty()) {
    return refuse(console, "which photos? Please name a folder");
  }
  std::optional<dataset::LabelTable> table;
  if (options.plan.labels.kind == dataset::WordSource::Kind::Table) {
    auto read = read_label_table(options.plan.labels.argument);
    if (!read) {
      return refuse(console, read.error());
    }
    table = *std::move(read);
  }
  // Also here, before all photos are read.
  if (const auto columns = dataset::find_columns(options.plan, table ? &*table : nullptr);
      !columns) {
    return refuse(console, columns.error());
  }
  const DatasetInputs inputs = find_pictures(options.inputs, *paths);
  if (inputs.pictures.empty()) {
    return refuse(console, "there are no photos in " + paths->front());
  }
  return DatasetRun(options, console, inputs, table ? &*table : nullptr).run();
}

}  // namespace bulkhead::jobs
