// Statistics of many access logs of web servers: each log is one task, the parts are added up.
// Usage: log_statistics access.log.1 access.log.2 ...

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <functional>
#include <iomanip>
#include <iostream>
#include <map>
#include <optional>
#include <ranges>
#include <sstream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <bulkhead/bulkhead.h>

struct Request {
  std::string path;
  int status = 0;
  long bytes = 0;
};

// What one log says. It comes back from the worker as it is: any struct of such members does.
struct Statistics {
  long requests = 0;
  long unreadable_lines = 0;
  long bytes = 0;
  std::map<int, long> by_status;
  std::map<std::string, long> by_path;
};

// 203.0.113.9 - - [17/May/2015:10:05:03 +0000] "GET /news HTTP/1.1" 200 512 "http://..." "Mozilla"
std::optional<Request> parse(const std::string& line) {
  std::istringstream fields(line);
  std::string client, identity, user, time, request, method;
  Request parsed;
  fields >> client >> identity >> user;
  std::getline(fields, time, ']');
  fields >> std::quoted(request) >> parsed.status;
  if (!fields || !(std::istringstream(request) >> method >> parsed.path)) {
    return std::nullopt;
  }
  fields >> parsed.bytes;  // A "-" there means that nothing was sent, and is read as 0.
  return parsed;
}

Statistics read_log(const std::string& filename) {
  std::ifstream log(filename);
  if (!log) {
    throw std::system_error(errno, std::generic_category(), "cannot read the log");
  }
  Statistics statistics;
  for (std::string line; std::getline(log, line);) {
    const auto request = parse(line);
    if (!request) {
      ++statistics.unreadable_lines;
      continue;
    }
    ++statistics.requests;
    statistics.bytes += request->bytes;
    ++statistics.by_status[request->status];
    ++statistics.by_path[request->path];
  }
  return statistics;
}

void add(Statistics& sum, const Statistics& part) {
  sum.requests += part.requests;
  sum.unreadable_lines += part.unreadable_lines;
  sum.bytes += part.bytes;
  for (const auto& [status, requests] : part.by_status) {
    sum.by_status[status] += requests;
  }
  for (const auto& [path, requests] : part.by_path) {
    sum.by_path[path] += requests;
  }
}

void print(const Statistics& statistics) {
  std::cout << statistics.requests << " requests, " << statistics.bytes << " bytes, "
            << statistics.unreadable_lines << " unreadable lines\n";
  for (const auto& [status, requests] : statistics.by_status) {
    std::cout << "status " << status << ": " << requests << '\n';
  }
  using Row = std::pair<std::string, long>;
  std::vector<Row> paths(statistics.by_path.begin(), statistics.by_path.end());
  std::ranges::stable_sort(paths, std::greater(), &Row::second);
  for (const auto& [path, requests] : paths | std::views::take(10)) {
    std::cout << path << ": " << requests << '\n';
  }
}

int main(int argc, char** argv) {
  const std::vector<std::string> logs(argv + 1, argv + argc);

  bulkhead::ProcessPoolExecutor executor;
  Statistics sum;
  for (auto [log, statistics] : bulkhead::zip(logs, executor.map(read_log, logs).outcomes())) {
    if (statistics) {
      add(sum, *statistics);
    } else {
      std::cerr << log << ": " << statistics.error().message() << '\n';
    }
  }
  print(sum);
}
