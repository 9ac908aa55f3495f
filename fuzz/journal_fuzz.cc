// Any bytes as a line of a journal: it is refused, or written again as it was.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "files/journal_line.h"
#include "seed_inputs.h"

namespace {

using namespace bulkhead;

void require(bool is_true) {
  if (!is_true) {
    std::abort();
  }
}

}  // namespace

namespace bulkhead::fuzz {

std::vector<std::vector<std::uint8_t>> seed_inputs() {
  const std::string done = files::format_journal_line({files::InputFate::Done, "10 5 a%20b.jpg"});
  const std::string failed = files::format_journal_line({files::InputFate::Failed, "0 0 /x"});
  const std::string header = files::format_journal_header("thumbnails 0123456789abcdef");
  std::vector<std::vector<std::uint8_t>> seeds;
  for (const std::string& line : {done, failed, header}) {
    seeds.emplace_back(line.begin(), line.end() - 1);
  }
  return seeds;
}

}  // namespace bulkhead::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto line = files::parse_journal_line(text)) {
    require(files::format_journal_line(*line) == std::string(text) + "\n");
  }
  if (const auto job = files::parse_journal_header(text)) {
    require(files::format_journal_header(*job) == std::string(text) + "\n");
  }
  return 0;
}
