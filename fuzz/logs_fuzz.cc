// Any bytes as a line of a log, and as a format string: every format returns, and what it takes for
// a request has its parts within the line and makes statistics.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "logs/detect_format.h"
#include "logs/read_logs.h"
#include "logs/report.h"
#include "logs/statistics.h"
#include "records/line_reader.h"
#include "seed_inputs.h"

namespace {

using namespace bulkhead;

void require(bool is_true) {
  if (!is_true) {
    std::abort();
  }
}

void check(logs::LogFormat& format, std::string_view line) {
  logs::Request request;
  const auto problem = format.parse(line, request);
  if (problem != logs::LineProblem::None) {
    require(!words_of(problem).empty());
    return;
  }
  require(request.status >= 0 && request.status < 1000);
  require(request.time.second >= 0 && request.time.second <= 86400);
  logs::Statistics part({logs::Field::Path, logs::Field::Day});
  part.add(request);
  logs::Statistics sum;
  sum.add(part.packed());
  require(sum.all().hits == 1);
  sum.settle(5);
  require(!as_json(make_report(sum, {})).empty());
}

}  // namespace

namespace bulkhead::fuzz {

std::vector<std::vector<std::uint8_t>> seed_inputs() {
  const std::vector<std::string> seeds = {
      "1.2.3.4 - u [17/May/2015:10:05:03 +0200] \"GET /a?b HTTP/1.1\" 200 12 \"r\" \"a\\\"gent\"",
      "h:80 1.2.3.4 - - [17/May/2015:10:05:03 +0200] \"GET /a HTTP/1.1\" 404 - \"-\" \"agent\"",
      "{\"remote_addr\":\"1.2.3.4\",\"msec\":1431857103.5,\"request\":\"GET / HTTP/1.1\","
      "\"status\":200,\"bytes\":1,\"request_time\":\"0.5\"}",
      "%h %^[%d:%t %^] \"%r\" %s %b \"%R\" \"%u\" %T",
      "status >= 500 and not (path ~ \"/health\" or method == HEAD)"};
  std::vector<std::vector<std::uint8_t>> bytes;
  for (const std::string& seed : seeds) {
    bytes.emplace_back(seed.begin(), seed.end());
  }
  return bytes;
}

}  // namespace bulkhead::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t byte_count) {
  std::string line(reinterpret_cast<const char*>(bytes), byte_count);
  line.reserve(line.size() + records::kReadablePadding);
  for (const std::string& name : logs::format_names()) {
    check(**logs::make_format(name), line);
  }
  if (const auto custom = logs::make_format(line)) {
    std::string other = "1.2.3.4 - - [17/May/2015:10:05:03 +0200] \"GET / HTTP/1.1\" 200 12 1 2";
    check(**custom, other);
    check(**custom, line);
  }
  if (const auto where = logs::parse_where(line); !where) {
    require(!where.error().empty());
  }
  return 0;
}
