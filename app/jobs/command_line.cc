#include "jobs/command_line.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <iterator>

namespace bulkhead::jobs {
namespace {

std::vector<std::string> paths_among(const std::vector<std::string>& rest) {
  std::vector<std::string> paths;
  bool may_be_option = true;
  for (const std::string& argument : rest) {
    if (may_be_option && argument == "--") {
      may_be_option = false;
      continue;
    }
    if (may_be_option && argument.size() > 1 && argument.starts_with('-')) {
      throw CLI::ExtrasError({argument});
    }
    paths.push_back(argument);
  }
  return paths;
}

std::string problem_of_number(const std::string& text) {
  return std::isnan(std::strtod(text.c_str(), nullptr)) ? "not a number" : "";
}

// 0 means no limit, so that a limit is never rounded to it.
std::chrono::nanoseconds nanoseconds_of(double limit) {
  return std::chrono::ceil<std::chrono::nanoseconds>(std::chrono::duration<double>(limit));
}

std::string seconds_text(std::chrono::nanoseconds time) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time).count());
}

}  // namespace

std::string Usage::make_usage(const CLI::App*, std::string name) const {
  return "Usage: " + name + " [OPTIONS] [PATH...]\n\nPATH: " + what_paths_are_ + "\n";
}

void take_paths(CLI::App& command, std::vector<std::string>& paths) {
  command.allow_extras();
  command.parse_complete_callback([&paths, &command] { paths = paths_among(command.remaining()); });
}

CLI::Option* add_repeated(CLI::App& command, const std::string& names,
                          std::vector<std::string>& values, const std::string& description) {
  return command.add_option(names, values, description)
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
}

CLI::Option* add_byte_count(CLI::App& command, const std::string& name, std::uint64_t& bytes,
                            const std::string& description) {
  // CLI11 runs what was added last first, and by itself takes -1 for a very large number.
  const CLI::Validator refuse_sign(
      [](std::string& text) {
        return text.find('-') == std::string::npos ? "" : "'" + text + "' is no number of bytes";
      },
      "");
  return command.add_option(name, bytes, description)
      ->transform(CLI::AsSizeValue(false))
      ->transform(refuse_sign);
}

void add_inputs(CLI::App& command, InputOptions& options) {
  files::ScanOptions& scan = options.scan;
  constexpr int kMaxDepth = 1'000'000;
  command.add_option("--max-depth", scan.max_depth, "Folders that are entered one in another")
      ->check(CLI::Range(0, kMaxDepth))
      ->option_text("N");
  add_repeated(command, "-g,--glob,--include", scan.include, "Take only files like this in folders")
      ->option_text("GLOB");
  add_repeated(command, "-E,--exclude", scan.exclude, "Leave out files and folders like this")
      ->option_text("GLOB");
  command.add_flag_callback(
      "-H,--hidden", [&scan] { scan.hidden = files::HiddenNames::Include; },
      "Look at hidden files and folders");
  command.add_flag_callback(
      "-L,--follow", [&scan] { scan.links = files::FolderLinks::Follow; },
      "Follow links to folders, each folder once");
  command.add_option("--files-from", options.files_from, "Read more paths from FILE, - is stdin")
      ->option_text("FILE");
  command.add_flag_callback(
      "-0,--null", [&options] { options.name_end = files::NameEnd::Null; },
      "They end in NUL, not in a new line");
}

Expected<std::vector<std::string>, std::string> listed_paths(const InputOptions& options) {
  std::vector<std::string> paths = options.paths;
  if (options.files_from.empty()) {
    return paths;
  }
  auto listed = files::read_file_list(options.files_from, options.name_end);
  if (!listed) {
    return Unexpected(listed.error().path + ": " + listed.error().reason);
  }
  std::ranges::move(*listed, std::back_inserter(paths));
  return paths;
}

void add_run_options(CLI::App& command, RunOptions& options, const std::string& limited) {
  constexpr unsigned kMaxWorkers = 4096;
  constexpr double kMaxTimeout = 1e6;
  constexpr unsigned kMaxRetries = 100;
  command.add_option("-j,--jobs", options.jobs, "Worker processes, at most")
      ->check(CLI::Range(1U, kMaxWorkers))
      ->option_text("N [the usable CPUs]");
  command
      .add_option_function<double>(
          "--timeout", [&options](double limit) { options.timeout = nanoseconds_of(limit); },
          "Limit for " + limited + "; 0: none")
      ->check(CLI::Range(0.0, kMaxTimeout))
      ->check(problem_of_number)
      ->option_text("SECONDS [" + seconds_text(options.timeout) + "]");
  command
      .add_option_function<std::string>(
          "--executor",
          [&options](const std::string& name) {
            options.executor = name == "inline" ? ExecutorKind::Inline : ExecutorKind::Processes;
          },
          "inline: in the program itself")
      ->check(CLI::IsMember({"processes", "inline"}))
      ->option_text("processes|inline [processes]");
  command
      .add_option_function<std::string>(
          "--sandbox",
          [&options](const std::string& name) {
            options.sandbox = name == "none" ? Sandbox::None : Sandbox::Default;
          },
          "How far workers are locked in: see doctor")
      ->check(CLI::IsMember({"none", "default"}))
      ->option_text(options.sandbox == Sandbox::None ? "none|default [none]"
                                                     : "none|default [default]");
  command.add_option("--retries", options.retries, "Of " + limited + " whose worker died")
      ->check(CLI::Range(0U, kMaxRetries))
      ->option_text("N [1]");
}

std::uint64_t photo_memory() {
  constexpr std::uint64_t kEnough = std::uint64_t{2} << 30U;
  const auto pages = static_cast<std::uint64_t>(std::max(0L, ::sysconf(_SC_PHYS_PAGES)));
  const auto page_bytes = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return pages == 0 ? kEnough : std::min(kEnough, pages * page_bytes / 2);
}

void add_worker_memory(CLI::App& command, RunOptions& options) {
  const std::string usual = std::to_string(options.memory);
  add_byte_count(command, "--memory", options.memory,
                 "What a worker may allocate, as 512M or 2G; 0: no limit")
      ->transform([usual](const std::string& text) { return text == "auto" ? usual : text; })
      ->option_text(options.memory == 0 ? "BYTES [no limit]" : "BYTES [auto: 2G at most]");
}

}  // namespace bulkhead::jobs
