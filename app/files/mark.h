#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bulkhead::files {

/// What a file was made with, as a number that is kept in the nanoseconds of its time of
/// modification: no second file is needed to know it again, and no byte of this one.
struct Mark {
  std::uint32_t nanoseconds = 0;  ///< below 1,000,000,000; a multiple of 100, as NTFS keeps them
};

/// The mark of a text that says all that a file was made with.
Mark mark_of(std::string_view description);

/// Sets the time of modification of an open file to now, with the mark. Where that is not possible
/// the file keeps the time it has, and will not be known again.
void set_mark(int file, Mark mark);

/// Whether a file carries the mark; links are followed.
bool has_mark(const std::string& path, Mark mark);

/// Whether `output` carries the mark and was made after `input` was last changed. False for what
/// cannot be looked at, and for an empty output. A change while the output was being made counts as
/// one before it.
bool is_up_to_date(const std::string& input, const std::string& output, Mark mark);

/// The time of modification of a file, in whole seconds since 1970; nothing when it cannot be
/// looked at.
std::optional<std::int64_t> modified(const std::string& path);

/// When a file, or what is said of it, was last changed, in nanoseconds since 1970; nothing when it
/// cannot be looked at.
std::optional<std::int64_t> changed(const std::string& path);

/// Whether there is anything of that name.
bool exists(const std::string& path);

}  // namespace bulkhead::files
