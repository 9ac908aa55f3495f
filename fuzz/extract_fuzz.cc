// Any bytes as a CSV, JSON or XML file and as a path: every reader returns, and a CSV file that is
// cut anywhere has the records that it has as a whole.

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>

#include "extract/csv_reader.h"
#include "extract/table_rows.h"
#include "seed_inputs.h"

namespace {

using namespace bulkhead;
using namespace bulkhead::extract;

void require(bool is_true) {
  if (!is_true) {
    std::abort();
  }
}

// The input as a file, which is what readers read.
const std::string& path_of_input() {
  static const std::string path = "/dev/shm/bulkhead-extract-fuzz-" + std::to_string(::getpid());
  return path;
}

std::string records_of(const records::Portion& portion, QuoteState state) {
  std::string all;
  auto reader = CsvReader::open(portion, ',', state);
  CsvRecord record;
  while (reader && reader->next(record)) {
    for (const std::string_view field : record.fields) {
      all += std::string(field) + '\x1F';
    }
    all += '\x1E';
  }
  return all;
}

void check_cut(std::string_view text, std::size_t cut) {
  // A byte order mark that is cut through is none any more.
  if (cut < kByteOrderMark.size() && text.starts_with(kByteOrderMark)) {
    return;
  }
  const std::string& path = path_of_input();
  const StateMap map = scan({.portion = {.path = path, .end = cut}}).map;
  require(records_of({.path = path}, QuoteState::RecordStart) ==
          records_of({.path = path, .end = cut}, QuoteState::RecordStart) +
              records_of({.path = path, .begin = cut}, map[0]));
}

void check_rows(const Path& rows) {
  const Survey found = survey({.batch = {{.path = path_of_input()}}, .rows = rows}).files.at(0);
  ExtractTask task{
      .portions = {{.portion = {.path = path_of_input()}, .detected = found.detected}}};
  task.query.rows = rows;
  task.query.form = RowForm::JsonLines;
  for (const std::string& name : found.columns) {
    task.query.columns.push_back({.name = name, .text = name, .path = {{.name = name}}});
  }
  const ExtractReply reply = extract::extract(task);
  require(reply.portions.at(0).rows.is_balanced());
}

}  // namespace

namespace bulkhead::fuzz {

std::vector<std::vector<std::uint8_t>> seed_inputs() {
  const std::vector<std::string> seeds = {
      "a,b\n1,\"x,\"\"y\"\"\nz\"\n5\" disk,2,\r\n",
      "\xEF\xBB\xBF\"a\n\nb\n\",c\n1\n",
      "[{\"a\":1,\"b\":[true,{\"c\":\"\\u00e9\"}]}]",
      "{\"a\":1}\n{\"a\":null}\n",
      "<?xml version=\"1.0\"?><a x='1'><b>1 &amp; 2</b><b/></a>",
      "//a/b[2]/@c"};
  std::vector<std::vector<std::uint8_t>> bytes;
  for (const std::string& seed : seeds) {
    bytes.emplace_back(seed.begin(), seed.end());
  }
  return bytes;
}

}  // namespace bulkhead::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t byte_count) {
  const std::string text(reinterpret_cast<const char*>(bytes), byte_count);
  std::ofstream(path_of_input(), std::ios::binary) << text;
  check_cut(text, byte_count / 2);
  check_cut(text, byte_count / 3);
  const auto path = parse_path(text);
  check_rows({});
  check_rows(path ? *path : *parse_path("//b"));
  require(path.has_value() || !path.error().empty());
  ::unlink(path_of_input().c_str());
  return 0;
}
