#include "extract/json_rows.h"

#include <simdjson.h>

#include <functional>
#include <set>
#include <span>
#include <utility>

#include "extract/json_parser.h"
#include "extract/whole_file.h"
#include "records/line_reader.h"

namespace bulkhead::extract {
namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;
using Names = std::vector<std::string>;
using OnElement = std::function<void(element)>;

static_assert(records::kReadablePadding >= simdjson::SIMDJSON_PADDING);

// Calls found() for each element that the rest of the path leads to.
void walk(element from, std::span<const Step> path, const OnElement& found) {
  if (path.empty()) {
    return found(from);
  }
  const Step& step = path.front();
  const auto rest = path.subspan(1);
  element next;
  const auto walk_member = [&](std::string_view name) {
    if (from.at_key(name).get(next) == simdjson::SUCCESS) {
      walk(next, rest, found);
    }
  };
  switch (step.kind) {
    case Step::Kind::Name:
      return walk_member(step.name);
    case Step::Kind::Attribute:
      return walk_member("@" + step.name);
    case Step::Kind::Index:
      if (from.at(step.index).get(next) == simdjson::SUCCESS) {
        walk(next, rest, found);
      }
      return;
    case Step::Kind::Each: {
      simdjson::dom::array array;
      if (from.get(array) == simdjson::SUCCESS) {
        for (const element each : array) {
          walk(each, rest, found);
        }
      }
      return;
    }
    case Step::Kind::Below:
    case Step::Kind::Parent:
      return;  // JSON has none of these.
  }
}

// Each row of a document.
void walk_rows(element document, const Path& rows, const OnElement& found) {
  static const Path kElements = {{.kind = Step::Kind::Each}};
  const bool is_array = document.type() == element_type::ARRAY;
  walk(document, rows.empty() && is_array ? kElements : rows, found);
}

// The cells of one row after the other.
class CellReader {
 public:
  explicit CellReader(const std::vector<Column>& columns)
      : columns_(columns), row_(columns.size()), texts_(columns.size()) {}

  const Row& read(element from) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      row_[i].reset();
      walk(from, columns_[i].path, [&](element value) {
        if (!row_[i]) {
          row_[i] = cell_of(value, texts_[i]);
        }
      });
    }
    return row_;
  }

 private:
  static Cell cell_of(element value, std::string& room) {
    std::string_view text;
    if (value.is_null()) {
      return std::nullopt;
    }
    if (value.get(text) == simdjson::SUCCESS) {
      return text;
    }
    room = simdjson::minify(value);
    return room;
  }

  const std::vector<Column>& columns_;
  Row row_;
  std::vector<std::string> texts_;
};

class NameCollector {
 public:
  void add(element row) {
    simdjson::dom::object object;
    if (row.get(object) != simdjson::SUCCESS) {
      return;
    }
    for (const auto [name, value] : object) {
      if (seen_.insert(std::string(name)).second) {
        names_.emplace_back(name);
      }
    }
  }
  Names take() { return std::move(names_); }

 private:
  std::set<std::string> seen_;
  Names names_;
};

// Calls found() with each row of a document in a file.
Expected<void, std::string> walk_file(const std::string& path, const Path& rows,
                                      const OnElement& found) {
  auto text = read_whole(path, simdjson::SIMDJSON_PADDING);
  if (!text) {
    return Unexpected(std::move(text.error()));
  }
  std::string_view json = *text;
  if (json.starts_with("\xEF\xBB\xBF")) {
    json.remove_prefix(3);
  }
  JsonParser parser;
  element document;
  if (const auto error = parser.parse(json, document)) {
    return Unexpected(std::string("is no JSON: ") + simdjson::error_message(error));
  }
  walk_rows(document, rows, found);
  return {};
}

// Calls found() with each row on each line, and bad() with what is no JSON.
Expected<void, std::string> walk_lines(const records::Portion& portion, const Path& rows,
                                       const OnElement& found,
                                       const std::function<void(const BadRecord&)>& bad) {
  auto reader = records::LineReader::open(portion);
  if (!reader) {
    return Unexpected(std::move(reader.error()));
  }
  JsonParser parser;
  records::Line line;
  while (reader->next(line)) {
    if (line.text.find_first_not_of(" \t\r") == std::string_view::npos) {
      continue;
    }
    element document;
    const auto error = line.is_whole ? parser.parse(line.text, document) : simdjson::CAPACITY;
    if (error) {
      bad({.offset = line.offset,
           .reason = std::string("is no JSON: ") + simdjson::error_message(error),
           .raw = line.text});
      continue;
    }
    walk_rows(document, rows, found);
  }
  if (!reader->problem().empty()) {
    return Unexpected(reader->problem());
  }
  return {};
}

}  // namespace

Expected<Names, std::string> json_names(const std::string& path, const Path& rows) {
  NameCollector names;
  const auto walked = walk_file(path, rows, [&names](element row) { names.add(row); });
  if (!walked) {
    return Unexpected(walked.error());
  }
  return names.take();
}

Expected<void, std::string> read_json(const std::string& path, const Path& rows,
                                      const std::vector<Column>& columns, RowReceiver& receiver) {
  CellReader cells(columns);
  return walk_file(path, rows,
                   [&](element row) { receiver.on_row(cells.read(row), RowState::Whole); });
}

Expected<Names, std::string> json_lines_names(const records::Portion& portion, const Path& rows) {
  NameCollector names;
  const auto walked = walk_lines(
      portion, rows, [&names](element row) { names.add(row); }, [](const BadRecord&) {});
  Names found = names.take();
  // The lines before damage have rows, and who reads those tells of it.
  if (!walked && found.empty()) {
    return Unexpected(walked.error());
  }
  return found;
}

Expected<void, std::string> read_json_lines(const records::Portion& portion, const Path& rows,
                                            const std::vector<Column>& columns,
                                            RowReceiver& receiver) {
  CellReader cells(columns);
  return walk_lines(
      portion, rows, [&](element row) { receiver.on_row(cells.read(row), RowState::Whole); },
      [&](const BadRecord& record) { receiver.on_bad_record(record); });
}

}  // namespace bulkhead::extract
