#include "extract/csv_rows.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "extract/csv_reader.h"

namespace bulkhead::extract {
namespace {

using Header = std::vector<std::string>;

Header names_of(const CsvRecord& record) {
  Header names;
  for (const std::string_view field : record.fields) {
    std::string name(field);
    for (int number = 2; std::ranges::find(names, name) != names.end(); ++number) {
      name = std::string(field) + "_" + std::to_string(number);
    }
    names.push_back(std::move(name));
  }
  return names;
}

constexpr std::size_t kNowhere = std::numeric_limits<std::size_t>::max();

// Where each column is in a record. A path is a word of the header; a dot in front may be there,
// as for the other formats.
std::vector<std::size_t> places_of(const std::vector<Column>& columns, const Header& header) {
  std::vector<std::size_t> places;
  for (const Column& column : columns) {
    auto found = std::ranges::find(header, column.text);
    if (found == header.end() && column.text.starts_with('.')) {
      found = std::ranges::find(header, column.text.substr(1));
    }
    places.push_back(found == header.end() ? kNowhere
                                           : static_cast<std::size_t>(found - header.begin()));
  }
  return places;
}

class RowMaker {
 public:
  RowMaker(const std::vector<Column>& columns, const Header& header, RowReceiver& receiver)
      : places_(places_of(columns, header)),
        width_(header.size()),
        receiver_(receiver),
        row_(columns.size()) {}

  void take(const CsvRecord& record) {
    ++number_;
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
    receiver_.on_row(row_, count < width_   ? RowState::Padded
                           : count > width_ ? RowState::Trimmed
                                            : RowState::Whole);
  }

 private:
  bool has_surplus(const CsvRecord& record) const {
    const auto& fields = record.fields;
    return fields.size() > width_ &&
           std::any_of(fields.begin() + static_cast<std::ptrdiff_t>(width_), fields.end(),
                       [](std::string_view field) { return !field.empty(); });
  }

  void refuse(const CsvRecord& record, std::string reason) {
    receiver_.on_bad_record({.number = number_,
                             .offset = record.offset,
                             .reason = std::move(reason),
                             .raw = record.raw});
  }

  std::vector<std::size_t> places_;
  std::size_t width_;
  RowReceiver& receiver_;
  Row row_;
  std::uint64_t number_ = 0;
};

}  // namespace

Expected<Header, std::string> csv_header(const std::string& path, char separator) {
  auto reader = CsvReader::open({.path = path}, separator, QuoteState::RecordStart);
  if (!reader) {
    return Unexpected(std::move(reader.error()));
  }
  CsvRecord record;
  if (!reader->next(record) && !reader->problem().empty()) {
    return Unexpected(reader->problem());
  }
  return names_of(record);
}

Expected<void, std::string> read_csv(const records::Portion& portion, char separator,
                                     QuoteState state, const std::vector<Column>& columns,
                                     RowReceiver& receiver) {
  auto header = csv_header(portion.path, separator);
  if (!header) {
    return Unexpected(std::move(header.error()));
  }
  auto reader = CsvReader::open(portion, separator, state);
  if (!reader) {
    return Unexpected(std::move(reader.error()));
  }
  CsvRecord record;
  if (portion.begin == 0) {
    reader->next(record);  // the header itself
  }
  RowMaker maker(columns, *header, receiver);
  while (reader->next(record)) {
    maker.take(record);
  }
  if (!reader->problem().empty()) {
    return Unexpected(reader->problem());
  }
  return {};
}

}  // namespace bulkhead::extract
