#pragma once

#include <cstdio>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <bulkhead/expected.h>

#include "display/console.h"
#include "interrupts.h"
#include "jobs/record_inputs.h"
#include "jobs/record_outputs.h"
#include "jobs/record_report.h"
#include "jobs/rejects_file.h"
#include "run_job.h"

namespace bulkhead::jobs {

/// What the jobs over records have in common around their work: what they say of themselves, and
/// how they end.
class RecordJob {
 public:
  using Written = Expected<void, std::string>;  ///< errors: a line for the user

  /// `name` is the command's.
  RecordJob(std::string_view name, bool is_quiet);

  display::Console& console() { return console_; }

  /// From now on a signal does not end the program in the midst of what it does.
  void hold_signals() { interrupts_.emplace(); }

  /// Nothing can start; the status of the program.
  int refuse(const std::string& problem);
  /// All has been read, or the run was interrupted, also between its parts: writes the output and
  /// the rejects, tells the summary, `more` behind its counts. The status of the program.
  int end(const RunReport& cost, RecordReport& report, RejectsFile& rejects,
          const std::function<Written()>& write, const std::string& more = "");

 private:
  void tell(const std::string& problem);
  bool is_done(const Written& written);

  std::string_view name_;
  display::Console console_;
  std::optional<Interrupts> interrupts_;
};

/// Runs a job over records: finds its input, sees that it can write, opens its rejects, then
/// Run(options, job, inputs, rejects).run(), which gives the status of the program.
template <class Run, class Options>
int run_record_job(std::string_view name, const Options& options) {
  RecordJob job(name, options.quiet);
  if (options.makes_database() && options.output.empty()) {
    return job.refuse("--to sqlite needs -o FILE");
  }
  const auto inputs = find_records(options.inputs, {options.output, options.rejects});
  if (!inputs) {
    return job.refuse(inputs.error());
  }
  if (const auto writable = check_output(options.output); !writable) {
    return job.refuse(writable.error());
  }
  auto rejects = RejectsFile::create(options.rejects);
  if (!rejects) {
    return job.refuse(rejects.error());
  }
  job.hold_signals();
  return Run(options, job, *inputs, *rejects).run();
}

}  // namespace bulkhead::jobs
