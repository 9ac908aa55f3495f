#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bulkhead::files {

/// What became of an input.
enum class InputFate : std::uint8_t { Done, Failed };

/// One line of a journal: what became of one input.
struct JournalLine {
  InputFate fate = InputFate::Done;
  std::string identity = {};  ///< as identity_of() says it
};

/// An input as it is now: "SIZE TIME PATH", the time of modification in nanoseconds since 1970 and
/// the path as in a URL, without spaces and line ends. Nothing of what cannot be looked at.
std::optional<std::string> identity_of(const std::string& path);

/// "CRC FATE IDENTITY\n", where CRC is the CRC-32 (that of zlib) of what stands between it and the
/// end of the line, in eight digits.
std::string format_journal_line(const JournalLine& line);

/// The inverse, of a line without its end; nothing when it is none, or damaged.
std::optional<JournalLine> parse_journal_line(std::string_view text);

/// The first line of the journal of a job, which is told from others by a text of one line.
std::string format_journal_header(std::string_view job);

/// The job of a journal whose first line this is; nothing when it is no journal.
std::optional<std::string> parse_journal_header(std::string_view text);

}  // namespace bulkhead::files
