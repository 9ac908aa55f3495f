#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "display/console.h"
#include "imaging/thumbnail.h"
#include "job.h"
#include "jobs/command_line.h"
#include "jobs/output_format.h"
#include "jobs/run_journal.h"
#include "jobs/size_spec.h"
#include "jobs/thumbnail_report.h"
#include "run_job.h"

namespace bulkhead::jobs {

/// Which photos are left alone.
enum class SkipRule : std::uint8_t {
  None,
  UpToDate,  ///< those whose thumbnails were made after them, with the same options
  Existing,  ///< those whose thumbnails exist
};

/// Whether a failure ends the run.
enum class AfterFailure : std::uint8_t { GoOn, Stop };

/// The command line of `bulkhead thumbnails`.
struct ThumbnailsOptions {
  InputOptions inputs = {};
  std::vector<SizeSpec> sizes = {};
  /// All that a thumbnail is but its sizes, which are above.
  imaging::ThumbnailOptions thumbnails = {};
  FormatRule format_rule = FormatRule::Fixed;  ///< Fixed: that of the thumbnails above.
  std::string output_dir = {};
  std::string output = {};  ///< empty: beside the photo, with "_thumbnail" in its name
  SkipRule skip = SkipRule::None;
  AfterFailure after_failure = AfterFailure::GoOn;
  bool xdg = false;                ///< outputs go to the thumbnails that desktops share
  std::string gallery = {};        ///< a folder for a page that shows them; empty: none
  std::string contact_sheet = {};  ///< a file that shows them; empty: none
  imaging::OutputFormat contact_sheet_format = imaging::OutputFormat::Jpeg;
  bool dry_run = false;
  display::Console::Verbosity verbosity = display::Console::Verbosity::Normal;
  display::Console::ShowProgress progress = display::Console::ShowProgress::Auto;
  ReportForm form = ReportForm::Lines;
  std::string report = {};  ///< a file for the records; empty: none
  JournalOptions journal = {};
  bool strict = false;
  RunOptions run = {};
};

/// All that a thumbnail is, its sizes included.
imaging::ThumbnailOptions thumbnails_of(const ThumbnailsOptions& options);

/// Makes the thumbnails of each photo; the status of the program.
int run_thumbnails(const ThumbnailsOptions& options);

/// The row of the table of jobs.
JobAction configure_thumbnails(CLI::App& command);

}  // namespace bulkhead::jobs
