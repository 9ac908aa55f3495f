#include "extract/quote_state.h"

#include <cstring>
#include <optional>

namespace bulkhead::extract {
namespace {

// Outside of quotes, the byte before decides alone.
QuoteState state_behind(char byte, char separator) {
  return byte == '\n'        ? QuoteState::RecordStart
         : byte == separator ? QuoteState::FieldStart
                             : QuoteState::Unquoted;
}

std::size_t find_quote(std::string_view bytes, std::size_t from) {
  const void* const found = std::memchr(bytes.data() + from, '"', bytes.size() - from);
  return found == nullptr
             ? bytes.size()
             : static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data());
}

}  // namespace

QuoteState state_after(QuoteState state, char byte, char separator) {
  switch (state) {
    case QuoteState::RecordStart:
    case QuoteState::FieldStart:
      return byte == '"' ? QuoteState::Quoted : state_behind(byte, separator);
    case QuoteState::Unquoted:
      return state_behind(byte, separator);
    case QuoteState::Quoted:
      return byte == '"' ? QuoteState::QuoteInQuoted : QuoteState::Quoted;
    case QuoteState::QuoteInQuoted:
      return byte == '"' ? QuoteState::Quoted : state_behind(byte, separator);
  }
  return state;
}

QuoteState state_after(QuoteState state, std::string_view bytes, char separator) {
  // From quote to quote: what is between two does nothing but set the state before the second.
  for (std::size_t at = 0; at < bytes.size();) {
    if (state != QuoteState::QuoteInQuoted) {
      const std::size_t quote = find_quote(bytes, at);
      if (quote != at && state != QuoteState::Quoted) {
        state = state_behind(bytes[quote - 1], separator);
      }
      at = quote;
    }
    if (at < bytes.size()) {
      state = state_after(state, bytes[at++], separator);
    }
  }
  return state;
}

StateMap followed_by(const StateMap& before, std::string_view bytes, char separator) {
  std::array<std::optional<QuoteState>, kQuoteStates> known;
  StateMap after{};
  for (std::size_t i = 0; i < kQuoteStates; ++i) {
    auto& result = known[static_cast<std::size_t>(before[i])];
    if (!result) {
      result = state_after(before[i], bytes, separator);
    }
    after[i] = *result;
  }
  return after;
}

}  // namespace bulkhead::extract
