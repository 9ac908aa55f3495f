#include <algorithm>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include <bulkhead/bulkhead.h>

#include "job.h"

namespace bulkhead {
namespace {

constexpr const char* kVersion = "bulkhead " BULKHEAD_VERSION;

// Reads a command line. Nothing: go on; a status: the program ends here, also after --help.
std::optional<int> parse(CLI::App& app, int argc, char** argv) {
  app.failure_message([](const CLI::App* failed, const CLI::Error& mistake) {
    return failed->get_name() + ": " + mistake.what() + "; --help names what there is\n";
  });
  try {
    app.parse(argc, argv);
    return std::nullopt;
  } catch (const CLI::ParseError& stopped) {
    return app.exit(stopped) == 0 ? 0 : static_cast<int>(ExitStatus::CannotStart);
  }
}

// The command line without a job: --help, --version, or a mistake.
int run_without_job(int argc, char** argv) {
  CLI::App program("Jobs on many files at once, each file in a worker process that may fail alone.",
                   "bulkhead");
  program.set_version_flag("--version", kVersion);
  program.require_subcommand(1);
  for (const Job& job : all_jobs()) {
    program.add_subcommand(std::string(job.name), std::string(job.summary));
  }
  return parse(program, argc, argv).value_or(static_cast<int>(ExitStatus::CannotStart));
}

int read_and_run(int argc, char** argv) {
  const std::string_view name = argc > 1 ? argv[1] : "";
  const auto jobs = all_jobs();
  const auto job = std::ranges::find(jobs, name, &Job::name);
  if (job == jobs.end() && !name.empty() && !name.starts_with('-')) {
    std::fprintf(stderr, "bulkhead: there is no '%s'; --help names what there is\n", argv[1]);
    return static_cast<int>(ExitStatus::CannotStart);
  }
  if (job == jobs.end()) {
    return run_without_job(argc, argv);
  }
  // A command line of its own, not a subcommand of CLI11: there a "--", and a file that is called
  // like a job, end the subcommand.
  CLI::App command(std::string(job->summary), "bulkhead " + std::string(name));
  command.set_version_flag("--version", kVersion);
  const JobAction action = job->configure(command);
  const auto ended = parse(command, argc - 1, argv + 1);
  return ended ? *ended : action();
}

}  // namespace
}  // namespace bulkhead

int main(int argc, char** argv) {
  bulkhead::init(argc, argv);
  try {
    return bulkhead::read_and_run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bulkhead: %s\n", error.what());
    return static_cast<int>(bulkhead::ExitStatus::CannotStart);
  }
}
