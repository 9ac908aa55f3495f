#include "jobs/record_job.h"

#include <csignal>

#include "display/escape.h"
#include "job.h"

namespace bulkhead::jobs {

using display::Console;

RecordJob::RecordJob(std::string_view name, bool is_quiet)
    : name_(name),
      console_(stdout, stderr, is_quiet ? Console::Verbosity::Quiet : Console::Verbosity::Normal) {}

int RecordJob::refuse(const std::string& problem) {
  tell(problem);
  return static_cast<int>(ExitStatus::CannotStart);
}

int RecordJob::end(const RunReport& cost, RecordReport& report, RejectsFile& rejects,
                   const std::function<Written()>& write, const std::string& more) {
  const int pending = interrupts_ ? interrupts_->take_pending() : 0;
  if (const int signal = cost.interrupted_by != 0 ? cost.interrupted_by : pending; signal != 0) {
    tell("interrupted");
    return status_of_signal(signal);
  }
  if (!report.counts().is_balanced()) {
    // A mistake of this program. What it would write may lack something.
    tell("it lost count of records, so that nothing is written");
    return static_cast<int>(ExitStatus::SomeFailed);
  }
  const Written written = write();
  if (interrupts_ && interrupts_->take_pending() == SIGPIPE) {
    return status_of_signal(SIGPIPE);  // Nobody reads it any more.
  }
  const bool is_written = is_done(written) && is_done(rejects.publish());
  report.tell_summary(cost, more);
  return static_cast<int>(is_written && report.is_clean() ? ExitStatus::Done
                                                          : ExitStatus::SomeFailed);
}

void RecordJob::tell(const std::string& problem) {
  console_.error("bulkhead " + std::string(name_) + ": " + display::printable(problem));
}

bool RecordJob::is_done(const Written& written) {
  if (!written) {
    tell(written.error());
  }
  return written.has_value();
}

}  // namespace bulkhead::jobs
