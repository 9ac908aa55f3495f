#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bulkhead::extract {

/// Where in a CSV file a byte is, by all that is before it.
enum class QuoteState : std::uint8_t {
  RecordStart,
  FieldStart,
  Unquoted,  ///< in a field that does not begin with a quote, or behind the closing one
  Quoted,
  QuoteInQuoted,  ///< behind a quote that closes the field, or is the first of two
};
inline constexpr std::size_t kQuoteStates = 5;

/// What a piece of a file does to each state: pieces are looked at side by side, and put together
/// afterwards. That is exact, whatever quotes there are.
using StateMap = std::array<QuoteState, kQuoteStates>;
inline constexpr StateMap kUnchanged = {QuoteState::RecordStart, QuoteState::FieldStart,
                                        QuoteState::Unquoted, QuoteState::Quoted,
                                        QuoteState::QuoteInQuoted};

/// The state behind one byte.
QuoteState state_after(QuoteState state, char byte, char separator);

/// `before`, followed by these bytes.
StateMap followed_by(const StateMap& before, std::string_view bytes, char separator);

}  // namespace bulkhead::extract
