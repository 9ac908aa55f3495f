#include <chrono>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "jobs/thumbnails.h"

namespace bulkhead::jobs {
namespace {

constexpr const char* kDetails =
    "In a folder a photo is a file called *.jpg (jpeg, jpe, jfif, mpo), *.png, *.gif, *.webp, *.tif\n"
    "(tiff), *.bmp, *.heic (heif, hif) or *.avif, in any case; hidden ones, and those that carry the\n"
    "name of an output, are left out. A file named by itself is always tried. What is in a file is\n"
    "told by its content, whatever it is called.\n"
    "\n"
    "TEMPLATE has the fields {dir} {reldir} {stem} {ext} {name} {w} {h} {size}; {{ is a brace.\n"
    "Control characters in names are shown as \\n or \\x1b. In JSON a path that is not UTF-8 has\n"
    "U+FFFD for each bad byte, and a second member path_hex (output_hex) with its exact bytes.\n"
    "\n"
    "Exit status: 0 all done; 1 some photos failed; 2 wrong usage, or nothing could start;\n"
    "130 interrupted.\n";

// The options as they are written.
struct CommandLine : ThumbnailsOptions {
  double timeout_seconds = 30;
  std::string executor = "processes";

  ThumbnailsOptions read() {
    run.timeout = std::chrono::duration_cast<std::chrono::nanoseconds>(
        std::chrono::duration<double>(timeout_seconds));
    run.executor = executor == "inline" ? ExecutorKind::Inline : ExecutorKind::Processes;
    return *this;
  }
};

class Help : public CLI::Formatter {
 public:
  std::string make_usage(const CLI::App*, std::string name) const override {
    return "Usage: " + name +
           " [OPTIONS] [PATH...]\n\n"
           "PATH: files and folders; none: the current folder\n";
  }
};

// What CLI11 left over are the paths. It could collect them itself, but then it would take a folder
// called "[2020]" for a list with one element, "2020".
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

std::string problem_of_size(const std::string& text) {
  const auto size = parse_size(text);
  return size ? "" : size.error();
}

void add_what_is_made(CLI::App& command, CommandLine& options) {
  command.add_option("-s,--size", options.size, "Fit into this box; never enlarged")
      ->check(problem_of_size)
      ->option_text("N, WxH, Wx or xH [128]");
  command.add_option("-o,--output", options.output, "The name of each output")
      ->option_text("TEMPLATE [" + options.output + "]");
  command.add_option("-d,--output-dir", options.output_dir, "Write below DIR, in the same tree")
      ->option_text("DIR");
  command.add_option("-q,--quality", options.quality, "Quality of the JPEG, 1 to 100")
      ->check(CLI::Range(1, 100))
      ->option_text("N [75]");
  command.add_flag("-r,--recursive", options.recursive, "Enter the folders below, but no links");
  command.add_flag("--strict", options.strict, "A damaged photo is a failure, without an output");
}

void add_how_it_runs(CLI::App& command, CommandLine& options) {
  constexpr unsigned kMaxWorkers = 4096;
  constexpr double kMaxTimeout = 1e6;
  command.add_option("-j,--jobs", options.run.jobs, "Worker processes, at most")
      ->check(CLI::Range(1U, kMaxWorkers))
      ->option_text("N [the usable CPUs]");
  command.add_option("--timeout", options.timeout_seconds, "Limit for one photo; 0: none")
      ->check(CLI::Range(0.0, kMaxTimeout))
      ->check([](const std::string& text) {
        return std::isnan(std::strtod(text.c_str(), nullptr)) ? "not a number" : "";
      })
      ->option_text("SECONDS [30]");
  command.add_option("--executor", options.executor, "inline: in the program itself")
      ->check(CLI::IsMember({"processes", "inline"}))
      ->option_text("processes|inline [processes]");
}

void add_what_is_said(CLI::App& command, CommandLine& options) {
  command.add_flag("-n,--dry-run", options.dry_run, "Only say what would be made");
  command.add_flag("--quiet", options.quiet, "Say nothing but errors");
  command.add_flag("--json", options.json, "One JSON record per photo instead of its line");
}

}  // namespace

JobAction configure_thumbnails(CLI::App& command) {
  auto options = std::make_shared<CommandLine>();
  command.formatter(std::make_shared<Help>());
  command.footer(kDetails);
  add_what_is_made(command, *options);
  add_how_it_runs(command, *options);
  add_what_is_said(command, *options);
  command.allow_extras();
  command.parse_complete_callback(
      [options, &command] { options->paths = paths_among(command.remaining()); });
  return [options] { return run_thumbnails(options->read()); };
}

}  // namespace bulkhead::jobs
