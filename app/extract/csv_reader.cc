#include "extract/csv_reader.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "extract/byte_block.h"

namespace bulkhead::extract {
namespace {

std::size_t find(std::string_view text, char character, std::size_t from) {
  const void* const found = std::memchr(text.data() + from, character, text.size() - from);
  return found == nullptr ? std::string_view::npos
                          : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

}  // namespace

Expected<CsvReader, std::string> CsvReader::open(const records::Portion& portion, char separator,
                                                 QuoteState state) {
  auto source = records::open_bytes(portion.path, portion.begin);
  if (!source) {
    return Unexpected(std::move(source.error()));
  }
  CsvReader reader(records::ByteWindow(std::move(*source), portion.begin), portion.end, separator);
  reader.skip_to_record(portion.begin == 0 ? QuoteState::RecordStart : state);
  return reader;
}

CsvReader::CsvReader(records::ByteWindow window, std::uint64_t end, char separator)
    : window_(std::move(window)), end_(end), separator_(separator) {}

// Passes over the end of the record that the portion before has.
void CsvReader::skip_to_record(QuoteState state) {
  if (window_.offset() == 0) {
    if (window_.grow() && window_.text().starts_with(kByteOrderMark)) {
      window_.pass(kByteOrderMark.size());
    }
    return;
  }
  while (state != QuoteState::RecordStart && (!window_.text().empty() || window_.grow())) {
    state = state_after(state, window_.text().front(), separator_);
    window_.pass(1);
  }
}

bool CsvReader::next(CsvRecord& record) {
  for (;;) {
    if (window_.offset() >= end_) {
      return false;
    }
    std::size_t end = split(window_.text(), record);
    // A record that reaches the end of what was read may go on.
    for (bool has_more = true;
         has_more && end == window_.text().size() && end <= kMaxRecordBytes;) {
      has_more = window_.grow();
      end = split(window_.text(), record);  // In either case it has moved.
    }
    if (end > kMaxRecordBytes) {
      problem_ = "has a record longer than 64 MiB at byte " + std::to_string(window_.offset());
      return false;
    }
    const std::string_view text = window_.text();
    if (end == text.size() && (end == 0 || !window_.problem().empty())) {
      problem_ = window_.problem();
      return false;
    }
    record.raw = text.substr(0, end);
    record.offset = window_.offset();
    window_.pass(std::min(end + 1, text.size()));
    if (record.raw.ends_with('\r')) {
      record.raw.remove_suffix(1);
      record.fields.back().remove_suffix(1);
    }
    if (!record.raw.empty()) {
      return true;
    }
  }
}

// Splits the record that the text begins with. Returns where it ends: at the end of a line, or with
// the text.
std::size_t CsvReader::split(std::string_view text, CsvRecord& record) {
  record.fields.clear();
  record.is_closed = true;
  unquoted_.clear();
  // So that fields in it stay where they are.
  unquoted_.reserve(text.size());
  for (std::size_t at = 0;;) {
    const bool is_quoted = at < text.size() && text[at] == '"';
    const std::size_t end = is_quoted ? add_quoted(text, at, record) : add_plain(text, at, record);
    if (end == text.size() || text[end] == '\n') {
      return end;
    }
    at = end + 1;
  }
}

// Adds fields up to one that begins with a quote, or to the end of the record; returns where the
// last one ends.
std::size_t CsvReader::add_plain(std::string_view text, std::size_t at, CsvRecord& record) const {
  static_assert(records::kReadablePadding >= ByteBlock::kBytes);
  FieldList& fields = record.fields;
  const auto add_up_to = [&](std::size_t end) {
    fields.add({text.data() + at, end - at});
    at = end + 1;
  };
  std::uint64_t behind_separator = 0;  // the first byte of a block, by the last one before it
  for (std::size_t from = at; from < text.size(); from += ByteBlock::kBytes) {
    const ByteBlock block(text.data() + from);
    const std::uint64_t in_text = first_bits(text.size() - from);
    const std::uint64_t separators = block.equal_to(separator_) & in_text;
    const std::uint64_t quotes = block.equal_to('"') & (separators << 1U | behind_separator);
    const std::uint64_t ends = (block.equal_to('\n') | quotes) & in_text;
    fields.make_room(ByteBlock::kBytes + 1);
    for (std::uint64_t rest = separators & bits_before(ends); rest != 0; rest &= rest - 1) {
      add_up_to(from + static_cast<std::size_t>(std::countr_zero(rest)));
    }
    if (ends != 0) {
      const std::size_t end = from + static_cast<std::size_t>(std::countr_zero(ends));
      if (text[end] == '"') {
        return end - 1;
      }
      add_up_to(end);
      return end;
    }
    behind_separator = separators >> (ByteBlock::kBytes - 1);
  }
  fields.make_room(1);
  add_up_to(text.size());
  return text.size();
}

// Adds the field that begins with a quote at `at`; returns where it ends.
std::size_t CsvReader::add_quoted(std::string_view text, std::size_t at, CsvRecord& record) {
  const std::size_t quote = std::min(find(text, '"', at + 1), text.size());
  const std::size_t end = quote + 1;
  if (end < text.size() && is_end_of_field(text[end])) {
    record.fields.make_room(1);
    record.fields.add(text.substr(at + 1, quote - at - 1));
    return end;
  }
  return unquote(text, at, record);
}

// The same for a field that has quotes in it, or something behind the closing one.
std::size_t CsvReader::unquote(std::string_view text, std::size_t at, CsvRecord& record) {
  const std::size_t start = unquoted_.size();
  const auto add = [&](std::size_t from, std::size_t end) {
    unquoted_ += text.substr(from, end - from);
    return end;
  };
  for (++at;;) {
    const std::size_t quote = add(at, std::min(find(text, '"', at), text.size()));
    record.is_closed = quote != text.size();
    at = std::min(quote + 1, text.size());
    if (at == text.size() || text[at] != '"') {
      break;
    }
    add(at, at + 1);
    ++at;
  }
  std::size_t end = at;
  while (end < text.size() && !is_end_of_field(text[end])) {
    ++end;
  }
  // What is between the closing quote and the end belongs to the field.
  add(at, end);
  record.fields.make_room(1);
  record.fields.add(std::string_view(unquoted_).substr(start));
  return end;
}

}  // namespace bulkhead::extract
