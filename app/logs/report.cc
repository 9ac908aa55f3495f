#include "logs/report.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "logs/group_key.h"
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

// As the logs write nothing.
std::string shown(std::string_view text) {
  return text.empty() ? "-" : std::string(text);
}

Section section_of(const records::TextRanking& texts, const Ranking& ranking) {
  Section section{.name = ranking.name,
                  .title = ranking.title,
                  .key_names = {std::string(ranking.key_name)},
                  .total = texts.size()};
  for (const auto& [text, weight] : texts.rows()) {
    section.rows.push_back({{shown(text)}, weight});
  }
  return section;
}

Section lookup(std::string_view name, std::string_view title, std::string_view key_name) {
  return {.name = name, .title = title, .key_names = {std::string(key_name)}, .kind = Kind::Lookup};
}

void add_row(Section& section, std::string key, Weight weight) {
  section.rows.push_back({{std::move(key)}, weight});
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
    add_row(section, hour_text(static_cast<int>(hour)), statistics.hours()[hour]);
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
  for (const auto& [text, weight] : statistics.ranking(Table::Methods).rows()) {
    add_row(section, text, weight);
  }
  return section;
}

// Beside the weight of a row, "bytes" would be there twice.
std::string key_name_of(Field field) {
  return field == Field::Bytes ? "response_bytes" : std::string(name_of(field));
}

Section groups(const Statistics& statistics, const std::vector<Field>& by) {
  Section section{.name = "groups", .title = "Groups", .total = statistics.groups().size()};
  for (const Field field : by) {
    section.key_names.push_back(key_name_of(field));
  }
  for (const auto& [text, weight] : statistics.groups().rows()) {
    Section::Row row{.weight = weight};
    for (const std::string& field : fields_of_group(text)) {
      row.keys.push_back(shown(field));
    }
    section.rows.push_back(std::move(row));
  }
  return section;
}

FactGroup overview(const Statistics& statistics, const records::RecordCounts& lines) {
  const auto moment = [](const std::optional<Moment>& time) -> decltype(Fact::value) {
    if (!time) {
      return {};
    }
    return moment_text(*time);
  };
  const std::uint64_t clients = statistics.ranking(Table::Clients).size();
  const std::uint64_t visitors = statistics.visitors();
  return {.name = "overview",
          .title = "Overview",
          .facts = {{"lines", lines.in},
                    {"requests", lines.out},
                    {"filtered", lines.filtered},
                    {"rejected", lines.rejected},
                    {"repaired", lines.repaired},
                    {"not_http", statistics.not_http().hits},
                    {"bytes", statistics.all().bytes},
                    {"clients", clients},
                    {"visitors", visitors},
                    {"first", moment(statistics.first())},
                    {"last", moment(statistics.last())}}};
}

FactGroup latency(const Durations& durations) {
  constexpr double kMicroseconds = 1e6;
  const auto seconds = [](double microseconds) { return microseconds / kMicroseconds; };
  const auto quantile = [&](double share) {
    return seconds(static_cast<double>(durations.quantile(share)));
  };
  return {.name = "latency",
          .title = "Seconds to serve a request (percentiles within 0.4 %)",
          .facts = {{"requests", durations.count()},
                    {"mean", seconds(durations.mean())},
                    {"p50", quantile(0.5)},
                    {"p90", quantile(0.9)},
                    {"p95", quantile(0.95)},
                    {"p99", quantile(0.99)},
                    {"max", seconds(static_cast<double>(durations.max()))}}};
}

}  // namespace

Report make_report(const Statistics& statistics, const records::RecordCounts& lines,
                   const std::vector<Field>& by) {
  Report report;
  report.groups.push_back(overview(statistics, lines));
  if (statistics.durations().count() != 0) {
    report.groups.push_back(latency(statistics.durations()));
  }
  report.sections = {days(statistics), hours(statistics), statuses(statistics),
                     methods(statistics)};
  for (const Ranking& ranking : kRankings) {
    report.sections.push_back(section_of(statistics.ranking(ranking.table), ranking));
  }
  if (!by.empty()) {
    report.sections.push_back(groups(statistics, by));
  }
  return report;
}

}  // namespace bulkhead::logs
