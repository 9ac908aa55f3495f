#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "extract/path.h"
#include "jobs/command_line.h"
#include "jobs/extract.h"

namespace bulkhead::jobs {
namespace {

using extract::RowForm;

constexpr const char* kDetails =
    "Folders are read with all that is below them. What is compressed (gzip, Zstandard, xz, "
    "bzip2)\n"
    "is told by its content and read directly, and so are CSV (separated by comma, tab, semicolon\n"
    "or bar), JSON, JSON lines and XML. Rows come in the order of the files. Text stays text.\n"
    "\n"
    "PATH leads to rows or, from a row on, to a value:\n"
    "  .objects[]   .a.b[2]   .[\"odd name\"]      in JSON; [] is each element, [2] the third\n"
    "  //planet   system/star   ../name   @unit  in XML; // is at any depth\n"
    "In CSV it is a word of the first record. Without --rows, each record of CSV is a row, each\n"
    "element of the top array of JSON or the top value itself, each child of XML's root. Of "
    "several\n"
    "values the first is taken. Without --col, all columns of all files are.\n"
    "\n"
    "A record of CSV that is too short is padded, empty fields that are too many are dropped; "
    "both\n"
    "are counted. A JSON or XML file that is not well-formed gives no rows.\n"
    "\n"
    "Exit status: 0 all records were read; 1 some were rejected, or files could not be read; 2 "
    "wrong\n"
    "usage, or nothing could start; 130 interrupted.\n";

const std::map<std::string, RowForm> kForms = {{"csv", RowForm::Csv},
                                               {"tsv", RowForm::Tsv},
                                               {"jsonl", RowForm::JsonLines},
                                               {"sqlite", RowForm::Packed}};

std::string problem_of_path(const std::string& text) {
  const auto path = extract::parse_path(text);
  return path ? "" : path.error();
}

// NAME=PATH, or a PATH that is its own name.
std::pair<std::string, std::string> column_parts(const std::string& text) {
  const std::size_t equals = text.find('=');
  return equals == std::string::npos || equals == 0
             ? std::pair(text, text)
             : std::pair(text.substr(0, equals), text.substr(equals + 1));
}

extract::Column read_column(const std::string& text) {
  auto [name, path] = column_parts(text);
  return {.name = std::move(name), .text = path, .path = *extract::parse_path(path)};
}

void add_what_is_read(CLI::App& command, ExtractOptions& options,
                      std::vector<std::string>& columns) {
  command
      .add_option_function<std::string>(
          "--rows",
          [&options](const std::string& text) { options.query.rows = *extract::parse_path(text); },
          "What a row is")
      ->check(problem_of_path)
      ->option_text("PATH");
  add_repeated(command, "--col", columns, "One column of the table; given again: one more")
      ->check([](const std::string& text) { return problem_of_path(column_parts(text).second); })
      ->option_text("NAME=PATH");
}

void add_what_is_written(CLI::App& command, ExtractOptions& options) {
  command
      .add_option_function<std::string>(
          "--to", [&options](const std::string& name) { options.query.form = kForms.at(name); },
          "The form of the rows")
      ->check(CLI::IsMember(kForms))
      ->option_text("csv|tsv|jsonl|sqlite [csv]");
  command.add_flag_callback(
      "--describe", [&options] { options.query.form = RowForm::Described; },
      "Only tell which columns there are, how far they are filled, and with what");
  command.add_option("-o,--output", options.output, "Write the rows to FILE")->option_text("FILE");
  command.add_option("--table", options.table, "The table of a database")
      ->option_text("NAME [rows]");
  command
      .add_option("--rejects", options.rejects, "Write records that are no rows to FILE, as JSON")
      ->option_text("FILE");
  command.add_flag("--quiet", options.quiet, "Say nothing but the rows and errors");
}

}  // namespace

JobAction configure_extract(CLI::App& command) {
  auto options = std::make_shared<ExtractOptions>();
  auto columns = std::make_shared<std::vector<std::string>>();
  command.formatter(std::make_shared<Usage>("files and folders; none: the current folder"));
  command.footer(kDetails);
  add_what_is_read(command, *options, *columns);
  add_what_is_written(command, *options);
  add_inputs(command, options->inputs);
  add_run_options(command, options->run, "one part of the files");
  add_worker_memory(command, options->run);
  take_paths(command, options->inputs.paths);
  return [options, columns] {
    options->query.keeps_rejections = !options->rejects.empty();
    for (const std::string& text : *columns) {
      options->query.columns.push_back(read_column(text));
    }
    return run_extract(*options);
  };
}

}  // namespace bulkhead::jobs
