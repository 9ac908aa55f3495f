#include "logs/report.h"

#include <array>
#include <utility>

#include "logs/time_text.h"

namespace bulkhead::logs {
namespace {

using Kind = Section::Kind;

struct Ranking {
  Table table;
  std::string_view name;
  std::string_view title;
  std::string_view key_name;
};

constexpr std::array kRankings = {
    Ranking{Table::Paths, "paths", "Paths", "path"},
    Ranking{Table::NotFound, "not_found", "Not found", "path"},
    Ranking{Table::Clients, "clients", "Clients", "client"},
    Ranking{Table::Referrers, "referrers", "Referrers", "referrer"},
    Ranking{Table::Agents, "agents", "User agents", "agent"},
    Ranking{Table::Vhosts, "vhosts", "Virtual hosts", "vhost"},
};

Section section_of(const records::TextCounts& table, const Ranking& ranking, std::size_t top) {
  Section section{.name = ranking.name,
                  .title = ranking.title,
                  .key_name = ranking.key_name,
                  .total = table.size()};
  for (const auto& [text, weight] : table.top(top)) {
    section.rows.push_back({text.empty() ? "-" : std::string(text), weight});
  }
  return section;
}

Section lookup(std::string_view name, std::string_view title, std::string_view key_name) {
  return {.name = name, .title = title, .key_name = key_name, .kind = Kind::Lookup};
}

void add_row(Section& section, std::string key, Weight weight) {
  section.rows.push_back({std::move(key), weight});
  section.total = section.rows.size();
}

Section days(const Statistics& statistics) {
  Section section = lookup("days", "Days", "day");
  for (const auto& [day, weight] : statistics.days()) {
    add_row(section, day_text(day), weight);
  }
  return section;
}

Section hours(const Statistics& statistics) {
  Section section = lookup("hours", "Hours of the day", "hour");
  for (std::size_t hour = 0; hour < statistics.hours().size(); ++hour) {
    add_row(section, (hour < 10 ? "0" : "") + std::to_string(hour), statistics.hours()[hour]);
  }
  return section;
}

Section statuses(const Statistics& statistics) {
  Section section = lookup("status", "Status", "status");
  for (const auto& [status, weight] : statistics.statuses()) {
    add_row(section, std::to_string(status), weight);
  }
  return section;
}

Section methods(const Statistics& statistics) {
  Section section = lookup("methods", "Methods", "method");
  const auto& table = statistics.table(Table::Methods);
  for (const auto& [text, weight] : table.top(table.size())) {
    add_row(section, std::string(text), weight);
  }
  return section;
}

}  // namespace

Report make_report(const Statistics& statistics, const records::RecordCounts& lines,
                   std::size_t top) {
  Report report{.lines = lines,
                .bytes = statistics.all().bytes,
                .clients = statistics.table(Table::Clients).size(),
                .visitors = statistics.visitors(),
                .not_http = statistics.not_http().hits};
  if (statistics.first()) {
    report.first = moment_text(*statistics.first());
    report.last = moment_text(*statistics.last());
  }
  report.sections = {days(statistics), hours(statistics), statuses(statistics),
                     methods(statistics)};
  for (const Ranking& ranking : kRankings) {
    report.sections.push_back(section_of(statistics.table(ranking.table), ranking, top));
  }
  return report;
}

}  // namespace bulkhead::logs
