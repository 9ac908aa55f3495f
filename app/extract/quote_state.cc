#include "extract/quote_state.h"

#include <algorithm>
#include <cstring>
#include <span>

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

StateMap followed_by(const StateMap& before, std::string_view bytes, char separator) {
  // States that are the same stay so: behind a line or two, two of them are left to be followed.
  StateMap states{};
  std::array<std::size_t, kQuoteStates> place_of{};
  std::size_t count = 0;
  for (std::size_t i = 0; i < kQuoteStates; ++i) {
    const auto* const known = std::find(states.begin(), states.begin() + count, before[i]);
    place_of[i] = static_cast<std::size_t>(known - states.begin());
    states[place_of[i]] = before[i];
    count = std::max(count, place_of[i] + 1);
  }
  const auto followed = std::span(states).first(count);
  // From quote to quote: what is between two does nothing but set the state before the second.
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t quote = find_quote(bytes, at);
    for (QuoteState& state : followed) {
      if (quote != at && state != QuoteState::Quoted) {
        state = state_behind(bytes[quote - 1], separator);
      }
      if (quote != bytes.size()) {
        state = state_after(state, '"', separator);
      }
    }
    at = quote + 1;
  }
  StateMap after{};
  std::ranges::transform(place_of, after.begin(), [&](std::size_t place) { return states[place]; });
  return after;
}

}  // namespace bulkhead::extract
