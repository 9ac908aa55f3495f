#include "logs/group_key.h"

namespace bulkhead::logs {
namespace {

// A field ends in NUL and kEnd; a NUL of its own is followed by kNul. An end sorts before all that
// could be in its place.
constexpr char kEnd = '\1';
constexpr char kNul = '\2';

}  // namespace

void append_to_group(std::string& group, std::string_view field) {
  for (std::size_t nul = field.find('\0'); nul != std::string_view::npos; nul = field.find('\0')) {
    group += field.substr(0, nul + 1);
    group += kNul;
    field.remove_prefix(nul + 1);
  }
  group += field;
  group += '\0';
  group += kEnd;
}

std::vector<std::string> fields_of_group(std::string_view group) {
  std::vector<std::string> fields;
  std::string field;
  for (std::size_t at = 0; at < group.size(); ++at) {
    if (group[at] != '\0') {
      field += group[at];
      continue;
    }
    ++at;
    if (at < group.size() && group[at] == kNul) {
      field += '\0';
      continue;
    }
    fields.push_back(field);
    field.clear();
  }
  return fields;
}

}  // namespace bulkhead::logs
