#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "extract/column.h"
#include "extract/path.h"
#include "jobs/command_line.h"
#include "jobs/extract.h"

namespace bulkhead::jobs {
namespace {

using extract::FileFormat;
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

std::string problem_of_column(const std::string& text) {
  const auto column = extract::parse_column(text);
  return column ? "" : column.error();
}

const std::map<std::string, extract::GivenFormat> kInputs = {
    {"auto", {}},
    {"csv", {.format = FileFormat::Csv}},
    {"tsv", {.format = FileFormat::Csv, .separator = '\t'}},
    {"json", {.format = FileFormat::Json}},
    {"jsonl", {.format = FileFormat::JsonLines}},
    {"xml", {.format = FileFormat::Xml}}};

// One byte; nothing: it cannot separate fields.
std::optional<char> separator_in(const std::string& text) {
  const std::string byte = text == "\\t" || text == "tab" ? "\t" : text;
  constexpr std::string_view kOfRecords = "\"\r\n";
  return byte.size() == 1 && kOfRecords.find(byte) == std::string_view::npos
             ? std::optional(byte.front())
             : std::nullopt;
}

std::string problem_of_separator(const std::string& text) {
  return separator_in(text) ? "" : "one byte, or tab, and no quote";
}

// What is kept until the whole command line is read.
struct Arguments {
  std::vector<std::string> columns = {};
  std::string input = "auto";
  std::string separator = {};
};

void add_what_is_read(CLI::App& command, ExtractOptions& options, Arguments& arguments) {
  command
      .add_option("--input", arguments.input, "What the files are, whatever their content tells")
      ->check(CLI::IsMember(kInputs))
      ->option_text("auto|csv|tsv|json|jsonl|xml [auto]");
  command
      .add_option("--delimiter", arguments.separator, "What separates the fields of CSV, or tab")
      ->check(problem_of_separator)
      ->option_text("C");
  command
      .add_option_function<std::string>(
          "--rows",
          [&options](const std::string& text) { options.query.rows = *extract::parse_path(text); },
          "What a row is")
      ->check(problem_of_path)
      ->option_text("PATH");
  add_repeated(command, "--col", arguments.columns,
               "One column of the table; given again: one more")
      ->check(problem_of_column)
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
  // A pipe is read by its place in the program, which no sandbox lets a worker open.
  options->run.sandbox = Sandbox::None;
  auto arguments = std::make_shared<Arguments>();
  command.formatter(std::make_shared<Usage>(
      "files and folders; -: the standard input; none: the current folder"));
  command.footer(kDetails);
  add_what_is_read(command, *options, *arguments);
  add_what_is_written(command, *options);
  add_inputs(command, options->inputs);
  add_run_options(command, options->run, "one part of the files");
  add_worker_memory(command, options->run);
  take_paths(command, options->inputs.paths);
  return [options, arguments] {
    options->query.keeps_rejections = !options->rejects.empty();
    options->query.given = kInputs.at(arguments->input);
    if (const auto separator = separator_in(arguments->separator)) {
      options->query.given.separator = separator;
    }
    for (const std::string& text : arguments->columns) {
      options->query.columns.push_back(*extract::parse_column(text));
    }
    return run_extract(*options);
  };
}

}  // namespace bulkhead::jobs
