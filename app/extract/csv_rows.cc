#include "extract/csv_rows.h"

#include <algorithm>
#include <limits>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "extract/csv_reader.h"
#include "extract/utf8.h"

namespace bulkhead::extract {
namespace {

// The words of a record as names, each of them another.
std::vector<std::string> names_of(const CsvRecord& record) {
  std::vector<std::string> names;
  std::unordered_set<std::string> taken;
  std::unordered_map<std::string_view, int> numbers;  // the last one that a word has got
  for (const std::string_view field : record.fields) {
    std::string name(field);
    for (int& number = numbers.try_emplace(field, 1).first->second; !taken.insert(name).second;) {
      name = std::string(field) + "_" + std::to_string(++number);
    }
    names.push_back(std::move(name));
  }
  return names;
}

Expected<CsvHeader, std::string> take_header(CsvReader& reader) {
  CsvRecord record;
  if (!reader.next(record)) {
    return reader.problem().empty() ? Expected<CsvHeader, std::string>(CsvHeader())
                                    : Unexpected(reader.problem());
  }
  if (!record.is_closed) {
    return Unexpected(std::string("the first record has a quote that is not closed"));
  }
  return CsvHeader{.names = names_of(record), .offset = record.offset};
}

constexpr std::size_t kNowhere = std::numeric_limits<std::size_t>::max();

// Where each column is in a record. A path is a word of the header; a dot in front may be there,
// as for the other formats.
std::vector<std::size_t> places_of(const std::vector<Column>& columns,
                                   const std::vector<std::string>& names) {
  std::unordered_map<std::string_view, std::size_t> known;
  for (std::size_t i = 0; i < names.size(); ++i) {
    known.emplace(names[i], i);
  }
  std::vector<std::size_t> places;
  for (const Column& column : columns) {
    const std::string_view word = column.word();
    auto found = known.find(word);
    if (found == known.end() && word.starts_with('.')) {
      found = known.find(word.substr(1));
    }
    places.push_back(found == known.end() ? kNowhere : found->second);
  }
  return places;
}

class RowMaker {
 public:
  RowMaker(const std::vector<Column>& columns, const CsvHeader& header, CellBytes cells,
           RowReceiver& receiver)
      : places_(places_of(columns, header.names)),
        width_(header.names.size()),
        cells_(cells),
        receiver_(receiver),
        row_(columns.size()) {}

  void take(const CsvRecord& record) {
    if (!record.is_closed) {
      return refuse(record, "a quote is not closed");
    }
    if (has_surplus(record)) {
      return refuse(record, "has " + std::to_string(record.fields.size()) +
                                " fields, and the header " + std::to_string(width_));
    }
    const std::size_t count = record.fields.size();
    for (std::size_t i = 0; i < places_.size(); ++i) {
      row_[i] = places_[i] < std::min(count, width_) ? Cell(record.fields[places_[i]]) : Cell();
    }
    if (cells_ == CellBytes::Utf8 && !is_text(record)) {
      return refuse(record, "is no UTF-8");
    }
    receiver_.on_row(row_, count < width_   ? RowState::Padded
                           : count > width_ ? RowState::Trimmed
                                            : RowState::Whole);
  }

 private:
  bool has_surplus(const CsvRecord& record) const {
    const auto& fields = record.fields;
    return fields.size() > width_ &&
           std::any_of(fields.begin() + width_, fields.end(),
                       [](std::string_view field) { return !field.empty(); });
  }

  // As a whole it is looked at fast; what is in other columns does no harm.
  bool is_text(const CsvRecord& record) const {
    return is_utf8(record.raw) ||
           std::ranges::all_of(row_, [](const Cell& cell) { return !cell || is_utf8(*cell); });
  }

  void refuse(const CsvRecord& record, std::string reason) {
    receiver_.on_bad_record(
        {.offset = record.offset, .reason = std::move(reason), .raw = record.raw});
  }

  std::vector<std::size_t> places_;
  std::size_t width_;
  CellBytes cells_;
  RowReceiver& receiver_;
  Row row_;
};

}  // namespace

Expected<CsvHeader, std::string> csv_header(const std::string& path, char separator) {
  auto reader = CsvReader::open({.path = path}, separator, QuoteState::RecordStart);
  if (!reader) {
    return Unexpected(std::move(reader.error()));
  }
  return take_header(*reader);
}

Expected<void, std::string> read_csv(const CsvPortion& from, const std::vector<Column>& columns,
                                     CellBytes cells, RowReceiver& receiver) {
  auto reader = CsvReader::open(from.portion, from.separator, from.state);
  if (!reader) {
    return Unexpected(std::move(reader.error()));
  }
  const bool has_start = from.portion.begin == 0;
  auto header = has_start ? take_header(*reader) : csv_header(from.portion.path, from.separator);
  if (!header) {
    return Unexpected(std::move(header.error()));
  }
  CsvRecord record;
  RowMaker maker(columns, *header, cells, receiver);
  while (reader->next(record)) {
    // Behind many empty lines, the header is in another portion than the start.
    if (has_start || record.offset != header->offset) {
      maker.take(record);
    }
  }
  if (!reader->problem().empty()) {
    return Unexpected(reader->problem());
  }
  return {};
}

}  // namespace bulkhead::extract
