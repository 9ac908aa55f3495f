#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "jobs/command_line.h"
#include "jobs/logs.h"
#include "logs/detect_format.h"
#include "logs/time_text.h"

namespace bulkhead::jobs {
namespace {

constexpr const char* kDetails =
    "Folders are read with all that is below them. What is compressed (gzip, Zstandard, xz, "
    "bzip2)\n"
    "is told by its content and read directly. The format is found out for each file.\n"
    "\n"
    "A format of one's own is written as for GoAccess: '%h %^[%d:%t %^] \"%r\" %s %b \"%R\" \"%u\" "
    "%T'.\n"
    "\n"
    "FIELD is client, user, vhost, method, path, protocol, status, bytes, referrer, agent, day or\n"
    "hour. EXPR is FIELD OPERATOR VALUE with == != < <= > >= or ~ (has it as a part), combined by\n"
    "and, or, not and parentheses: 'status >= 500 and not path ~ \"/health\"'.\n"
    "\n"
    "T is YYYY-MM-DD or YYYY-MM-DDThh:mm:ss, by the clock of the log.\n"
    "\n"
    "Exit status: 0 all lines were read; 1 some were rejected, or files could not be read; 2 "
    "wrong\n"
    "usage, or nothing could start; 130 interrupted.\n";

const std::map<std::string, LogsForm> kForms = {{"text", LogsForm::Text},
                                                {"json", LogsForm::Json},
                                                {"csv", LogsForm::Csv},
                                                {"sqlite", LogsForm::Sqlite}};

std::string problem_of_format(const std::string& text) {
  if (text == "auto") {
    return "";
  }
  const auto format = logs::make_format(text);
  return format ? "" : format.error();
}

// Local seconds of a date, or of a date and a time; the zone is the log's.
std::optional<std::int64_t> read_time(const std::string& text) {
  std::string_view rest = text;
  if (const auto moment = logs::take_moment(rest); moment && rest.empty() && !moment->has_zone) {
    return moment->local_seconds();
  }
  rest = text;
  const auto day = logs::take_date(rest);
  if (!day || !rest.empty()) {
    return std::nullopt;
  }
  return logs::Moment{.day = *day}.local_seconds();
}

void add_time(CLI::App& command, const std::string& name, std::optional<std::int64_t>& time,
              const std::string& description) {
  command
      .add_option_function<std::string>(
          name, [&time](const std::string& text) { time = read_time(text); }, description)
      ->check([](const std::string& text) {
        return read_time(text)
                   ? ""
                   : "not a time such as 2015-05-17 or 2015-05-17T10:00:00, without zone";
      })
      ->option_text("T");
}

std::vector<std::string> words_in(const std::string& text) {
  return CLI::detail::split(text, ',');
}

std::string problem_of_fields(const std::string& text) {
  std::set<std::string> seen;
  for (const std::string& word : words_in(text)) {
    if (!logs::field_of(word)) {
      return "there is no field '" + word + "'";
    }
    if (!seen.insert(word).second) {
      return "field '" + word + "' is named twice";
    }
  }
  return "";
}

std::vector<logs::Field> read_fields(const std::string& text) {
  std::vector<logs::Field> fields;
  for (const std::string& word : words_in(text)) {
    fields.push_back(*logs::field_of(word));
  }
  return fields;
}

void add_what_is_counted(CLI::App& command, LogsOptions& options) {
  command
      .add_option("--log-format", options.query.format,
                  "How lines are written, if it should not be found out")
      ->check(problem_of_format)
      ->option_text("auto|combined|vcombined|common|vcommon|json|... [auto]");
  command.add_option("--where", options.query.where, "Count only requests of which EXPR is true")
      ->check([](const std::string& text) {
        const auto where = logs::parse_where(text);
        return where ? "" : where.error();
      })
      ->option_text("EXPR");
  command
      .add_option_function<std::string>(
          "--by", [&options](const std::string& text) { options.query.by = read_fields(text); },
          "Group requests by fields, too")
      ->check([](const std::string& text) { return problem_of_fields(text); })
      ->option_text("FIELD[,FIELD]");
  add_time(command, "--since", options.query.since, "Count no request before T");
  add_time(command, "--until", options.query.until, "Count no request from T on");
}

void add_what_is_written(CLI::App& command, LogsOptions& options) {
  command
      .add_option_function<std::string>(
          "--to", [&options](const std::string& name) { options.form = kForms.at(name); },
          "The form of the report")
      ->check(CLI::IsMember(kForms))
      ->option_text("text|json|csv|sqlite [text]");
  command.add_option("-o,--output", options.output, "Write the report to FILE")
      ->option_text("FILE");
  command.add_option("--top", options.top, "Rows of each ranking")
      ->check(CLI::NonNegativeNumber)
      ->option_text("N [20]");
  command
      .add_option("--rejects", options.rejects, "Write lines that were not read to FILE, as JSON")
      ->option_text("FILE");
  command.add_flag("--quiet", options.quiet, "Say nothing but the report and errors");
}

void add_how_it_runs(CLI::App& command, LogsOptions& options) {
  add_byte_count(command, "--memory", options.memory, "What all processes together may take, about")
      ->option_text("BYTES [1g]");
  add_run_options(command, options.run, "one part of a log");
}

}  // namespace

JobAction configure_logs(CLI::App& command) {
  auto options = std::make_shared<LogsOptions>();
  // A pipe is read by its place in the program, which no sandbox lets a worker open.
  options->run.sandbox = Sandbox::None;
  command.formatter(std::make_shared<Usage>(
      "logs and folders of logs; -: the standard input; none: the current folder"));
  command.footer(kDetails);
  add_what_is_counted(command, *options);
  add_what_is_written(command, *options);
  add_inputs(command, options->inputs);
  add_how_it_runs(command, *options);
  take_paths(command, options->inputs.paths);
  return [options] {
    options->query.keeps_rejections = !options->rejects.empty();
    return run_logs(*options);
  };
}

}  // namespace bulkhead::jobs
