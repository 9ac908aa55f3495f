#include "logs/statistics.h"

#include <algorithm>
#include <tuple>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace bulkhead::logs {
namespace {

constexpr int kNotFound = 404;
constexpr std::int32_t kSecondsPerHour = 3600;

bool is_client_error(int status) {
  return status >= 400 && status < 500;
}

// Of two moments of the same instant the zone decides, so that the order of parts does not.
bool is_before(const Moment& a, const Moment& b) {
  return std::tuple(a.utc_seconds(), a.offset_minutes) <
         std::tuple(b.utc_seconds(), b.offset_minutes);
}

}  // namespace

std::size_t Statistics::HashVisit::operator()(const Visit& visit) const {
  return ::XXH3_64bits(&visit, sizeof visit);
}

void Statistics::add(const Request& request) {
  const Weight weight{1, request.bytes};
  all_ += weight;
  widen(request.time);
  days_[request.time.day] += weight;
  hours_[static_cast<std::size_t>(request.time.second / kSecondsPerHour) % hours_.size()] += weight;
  statuses_[static_cast<std::size_t>(request.status) % statuses_.size()] += weight;
  if (request.is_http) {
    count(Table::Methods, request.method, weight);
    count(Table::Paths, request.path, weight);
  } else {
    not_http_ += weight;
  }
  if (request.status == kNotFound) {
    count(Table::NotFound, request.path, weight);
  }
  if (!request.referrer.empty()) {
    count(Table::Referrers, request.referrer, weight);
  }
  if (!request.vhost.empty()) {
    count(Table::Vhosts, request.vhost, weight);
  }
  const std::uint32_t client = count(Table::Clients, request.client, weight);
  const std::uint32_t agent = count(Table::Agents, request.agent, weight);
  if (!is_client_error(request.status)) {
    visits_.insert({client, agent, request.time.day});
  }
}

std::uint32_t Statistics::count(Table table, std::string_view text, Weight weight) {
  return tables_[static_cast<std::size_t>(table)].add(text, weight);
}

void Statistics::widen(const Moment& moment) {
  if (!first_ || is_before(moment, *first_)) {
    first_ = moment;
  }
  if (!last_ || is_before(*last_, moment)) {
    last_ = moment;
  }
}

VisitorKey Statistics::key_of(const Visit& visit) const {
  const std::string_view client = table(Table::Clients).row(visit.client).text;
  const std::string_view agent = table(Table::Agents).row(visit.agent).text;
  XXH3_state_t state;
  ::XXH3_128bits_reset(&state);
  ::XXH3_128bits_update(&state, &visit.day, sizeof visit.day);
  ::XXH3_128bits_update(&state, client.data(), client.size());
  ::XXH3_128bits_update(&state, "", 1);  // No client has a NUL, so that the border is clear.
  ::XXH3_128bits_update(&state, agent.data(), agent.size());
  const XXH128_hash_t hash = ::XXH3_128bits_digest(&state);
  return {hash.low64, hash.high64};
}

PackedStatistics Statistics::packed() const {
  PackedStatistics packed{.all = all_,
                          .not_http = not_http_,
                          .first = first_,
                          .last = last_,
                          .days = days_,
                          .hours = hours_,
                          .statuses = statuses()};
  for (const records::TextCounts& table : tables_) {
    packed.tables.push_back(table.packed());
  }
  packed.visitors.reserve(visits_.size());
  for (const Visit& visit : visits_) {
    packed.visitors.push_back(key_of(visit));
  }
  return packed;
}

void Statistics::add(const PackedStatistics& part) {
  all_ += part.all;
  not_http_ += part.not_http;
  for (const std::optional<Moment>& moment : {part.first, part.last}) {
    if (moment) {
      widen(*moment);
    }
  }
  for (const auto& [day, weight] : part.days) {
    days_[day] += weight;
  }
  for (std::size_t hour = 0; hour < hours_.size(); ++hour) {
    hours_[hour] += part.hours[hour];
  }
  for (const auto& [status, weight] : part.statuses) {
    statuses_[static_cast<std::size_t>(status) % statuses_.size()] += weight;
  }
  for (std::size_t i = 0; i < std::min(kTables, part.tables.size()); ++i) {
    tables_[i].add(part.tables[i]);
  }
  visitors_.insert(part.visitors.begin(), part.visitors.end());
}

std::map<int, Weight> Statistics::statuses() const {
  std::map<int, Weight> seen;
  for (std::size_t status = 0; status < statuses_.size(); ++status) {
    if (statuses_[status].hits != 0) {
      seen[static_cast<int>(status)] = statuses_[status];
    }
  }
  return seen;
}

std::size_t Statistics::visitors() const {
  return visitors_.size();
}

}  // namespace bulkhead::logs
