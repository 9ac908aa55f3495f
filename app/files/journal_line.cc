#include "files/journal_line.h"

#include <sys/stat.h>
#include <zlib.h>

#include <array>
#include <cstdio>

#include "files/url.h"

namespace bulkhead::files {
namespace {

constexpr std::string_view kDone = "done ";
constexpr std::string_view kFailed = "failed ";
constexpr std::string_view kJournal = "bulkhead-journal-1 ";
constexpr std::size_t kCrcDigits = 8;

std::string checked(std::string_view text) {
  const auto crc = ::crc32_z(0, reinterpret_cast<const Bytef*>(text.data()), text.size());
  std::array<char, kCrcDigits + 2> digits{};
  std::snprintf(digits.data(), digits.size(), "%08lx ", static_cast<unsigned long>(crc));
  std::string line = digits.data();
  line += text;
  line += '\n';
  return line;
}

// What stands behind the sum, if that is right.
std::optional<std::string_view> content_of(std::string_view line) {
  if (line.size() <= kCrcDigits) {
    return std::nullopt;
  }
  const std::string_view content = line.substr(kCrcDigits + 1);
  const std::string right = checked(content);
  return std::string_view(right).substr(0, right.size() - 1) == line ? std::optional(content)
                                                                     : std::nullopt;
}

// What stands behind the word.
std::optional<std::string> behind(std::string_view word, std::string_view text) {
  return text.starts_with(word) ? std::optional(std::string(text.substr(word.size())))
                                : std::nullopt;
}

}  // namespace

std::optional<std::string> identity_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    return std::nullopt;
  }
  constexpr std::int64_t kNanoseconds = 1'000'000'000;
  return std::to_string(status.st_size) + ' ' +
         std::to_string(status.st_mtim.tv_sec * kNanoseconds + status.st_mtim.tv_nsec) + ' ' +
         url_path(path);
}

std::string format_journal_line(const JournalLine& line) {
  return checked(std::string(line.fate == InputFate::Done ? kDone : kFailed) + line.identity);
}

std::optional<JournalLine> parse_journal_line(std::string_view text) {
  const auto content = content_of(text);
  if (!content) {
    return std::nullopt;
  }
  if (auto done = behind(kDone, *content)) {
    return JournalLine{InputFate::Done, *std::move(done)};
  }
  if (auto failed = behind(kFailed, *content)) {
    return JournalLine{InputFate::Failed, *std::move(failed)};
  }
  return std::nullopt;
}

std::string format_journal_header(std::string_view job) {
  return checked(std::string(kJournal) + std::string(job));
}

std::optional<std::string> parse_journal_header(std::string_view text) {
  const auto content = content_of(text);
  return content ? behind(kJournal, *content) : std::nullopt;
}

}  // namespace bulkhead::files
