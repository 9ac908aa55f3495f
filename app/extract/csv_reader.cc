#include "extract/csv_reader.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace bulkhead::extract {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::size_t find(std::string_view text, char character, std::size_t from) {
  const void* const found = std::memchr(text.data() + from, character, text.size() - from);
  return found == nullptr ? std::string_view::npos
                          : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

// As find(), or the end; made for what is near: a call of memchr costs more than a cell of a table.
std::size_t find_near(std::string_view text, char character, std::size_t from) {
  // Eight bytes side by side: which are zero after the exclusive or (Warren, Hacker's Delight,
  // section 6-1). Exact for the lowest one, which is the first where bytes lie in that order.
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHighBits = 0x8080808080808080;
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  const std::uint64_t pattern = kOnes * static_cast<unsigned char>(character);
  while (std::endian::native == std::endian::little && from + kWord <= text.size()) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + from, kWord);
    word ^= pattern;
    if (const std::uint64_t hit = (word - kOnes) & ~word & kHighBits; hit != 0) {
      return from + static_cast<std::size_t>(std::countr_zero(hit)) / 8;
    }
    from += kWord;
  }
  while (from < text.size() && text[from] != character) {
    ++from;
  }
  return from;
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
    record.is_closed = true;
    std::size_t length = 0;
    const bool has_end = find_end(length, record);
    if (!has_end && (length == 0 || !problem_.empty())) {
      return false;
    }
    record.raw = window_.text().substr(0, length);
    record.offset = window_.offset();
    window_.pass(length + (has_end ? 1 : 0));
    if (record.raw.ends_with('\r')) {
      record.raw.remove_suffix(1);
    }
    if (!record.raw.empty()) {
      split(record);
      return true;
    }
  }
}

// Sets the length of the next record, without its line end; false: the file ends before one.
bool CsvReader::find_end(std::size_t& length, CsvRecord& record) {
  QuoteState state = QuoteState::RecordStart;
  std::size_t searched = 0;
  for (;;) {
    const std::string_view there = window_.text();
    // Mostly there is no quote up to the end of the line.
    const std::size_t line_end =
        searched < there.size() ? find(there, '\n', searched) : std::string_view::npos;
    const std::size_t up_to = std::min(line_end, there.size());
    state = state_after(state, there.substr(searched, up_to - searched), separator_);
    searched = up_to;
    if (line_end != std::string_view::npos) {
      state = state_after(state, '\n', separator_);
      if (state == QuoteState::RecordStart) {
        length = line_end;
        return true;
      }
      ++searched;
      continue;
    }
    if (there.size() > kMaxRecordBytes) {
      problem_ = "has a record longer than 64 MiB at byte " + std::to_string(window_.offset());
      return false;
    }
    if (!window_.grow()) {
      problem_ = window_.problem();
      length = there.size();
      record.is_closed = state != QuoteState::Quoted;
      return false;
    }
  }
}

void CsvReader::split(CsvRecord& record) {
  const std::string_view raw = record.raw;
  record.fields.clear();
  unquoted_.clear();
  // So that fields in it stay where they are.
  unquoted_.reserve(raw.size());
  for (std::size_t at = 0;;) {
    if (at < raw.size() && raw[at] == '"') {
      at = read_quoted(raw, at, record);
    } else {
      const std::size_t end = find_near(raw, separator_, at);
      record.fields.push_back(raw.substr(at, end - at));
      at = end;
    }
    if (at >= raw.size()) {
      return;
    }
    ++at;
  }
}

// Adds the field that begins with a quote at `at`; returns where it ends.
std::size_t CsvReader::read_quoted(std::string_view raw, std::size_t at, CsvRecord& record) {
  const std::size_t start = unquoted_.size();
  for (++at; at < raw.size();) {
    const std::size_t quote = std::min(find(raw, '"', at), raw.size());
    unquoted_ += raw.substr(at, quote - at);
    at = quote + 1;
    if (at >= raw.size() || raw[at] != '"') {
      break;
    }
    unquoted_ += '"';
    ++at;
  }
  // What is between the closing quote and the separator belongs to the field.
  at = std::min(at, raw.size());
  const std::size_t end = find_near(raw, separator_, at);
  unquoted_ += raw.substr(at, end - at);
  record.fields.push_back(std::string_view(unquoted_).substr(start));
  return end;
}

}  // namespace bulkhead::extract
