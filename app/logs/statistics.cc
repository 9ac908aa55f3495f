#include "logs/statistics.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "logs/group_key.h"
#include "logs/request_line.h"

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
  return std::tuple(a.utc_seconds(), a.offset_minutes, a.has_zone) <
         std::tuple(b.utc_seconds(), b.offset_minutes, b.has_zone);
}

}  // namespace

std::size_t Statistics::HashVisit::operator()(const Visit& visit) const {
  return ::XXH3_64bits(&visit, sizeof visit);
}

void Statistics::add(std::span<const Request> requests) {
  while (!requests.empty()) {
    const std::size_t together = std::min(requests.size(), kMostTogether);
    add_together(requests.first(together));
    requests = requests.subspan(together);
  }
}

// In steps, of which each asks for the memory that the next one looks at: the tables are larger
// than the caches, and so what all requests need of them is on the way side by side.
void Statistics::add_together(std::span<const Request> requests) {
  std::array<Keys, kMostTogether> keys;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    keys[i] = keys_of(requests[i]);
  }
  std::array<Visit, kMostTogether> visits;
  std::size_t visit_count = 0;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const auto places = count(requests[i], keys[i]);
    if (!is_client_error(requests[i].status)) {
      Visit& visit = visits[visit_count++];
      visit = {places[static_cast<std::size_t>(Table::Clients)],
               places[static_cast<std::size_t>(Table::Agents)], requests[i].time.day};
      visits_.prefetch(visit);
    }
  }
  for (std::size_t i = 0; i < visit_count; ++i) {
    visits_.insert(visits[i]);
  }
}

std::array<std::uint32_t, kTables> Statistics::count(const Request& request, const Keys& keys) {
  const Weight weight{1, request.bytes};
  all_ += weight;
  count_moment(request.time, weight);
  statuses_[static_cast<std::size_t>(request.status) % statuses_.size()] += weight;
  if (!request.is_http) {
    not_http_ += weight;
  }
  if (request.microseconds != Request::kNoDuration) {
    durations_.add(request.microseconds);
  }
  if (!by_.empty()) {
    count_group(request, weight);
  }
  std::array<std::uint32_t, kTables> places{};
  for (std::size_t i = 0; i < kTables; ++i) {
    if (keys.is_counted[i]) {
      places[i] = tables_[i].add(keys.key[i], weight);
    }
  }
  return places;
}

Statistics::Keys Statistics::keys_of(const Request& request) const {
  Keys keys;
  const auto look_up = [&](Table table, std::string_view text) {
    const auto at = static_cast<std::size_t>(table);
    keys.is_counted[at] = true;
    keys.key[at] = records::TextCounts::key_of(text);
    tables_[at].prefetch(keys.key[at]);
  };
  look_up(Table::Clients, request.client);
  look_up(Table::Agents, request.agent);
  if (request.is_http) {
    look_up(Table::Methods, known_method(request.method));
    look_up(Table::Paths, request.path);
  }
  if (request.status == kNotFound) {
    look_up(Table::NotFound, request.path);
  }
  if (!request.referrer.empty()) {
    look_up(Table::Referrers, request.referrer);
  }
  if (!request.vhost.empty()) {
    look_up(Table::Vhosts, request.vhost);
  }
  return keys;
}

void Statistics::count_moment(const Moment& moment, Weight weight) {
  widen(moment);
  days_[moment.day] += weight;
  hours_[static_cast<std::size_t>(moment.second / kSecondsPerHour) % hours_.size()] += weight;
}

void Statistics::count_group(const Request& request, Weight weight) {
  std::string group;
  std::string room;
  for (const Field field : by_) {
    append_to_group(group, text_of(field, request, room));
  }
  groups_.add(group, weight);
}

void Statistics::widen(const Moment& moment) {
  if (!first_ || is_before(moment, *first_)) {
    first_ = moment;
  }
  if (!last_ || is_before(*last_, moment)) {
    last_ = moment;
  }
}

VisitorKey Statistics::key_of(const Visit& visit, std::uint64_t seed) const {
  const std::string_view client =
      tables_[static_cast<std::size_t>(Table::Clients)].text(visit.client);
  const std::string_view agent = tables_[static_cast<std::size_t>(Table::Agents)].text(visit.agent);
  struct {
    XXH128_hash_t client;
    XXH128_hash_t agent;
    std::int64_t day;
  } const parts{::XXH3_128bits_withSeed(client.data(), client.size(), seed),
                ::XXH3_128bits_withSeed(agent.data(), agent.size(), seed), visit.day};
  const XXH128_hash_t hash = ::XXH3_128bits_withSeed(&parts, sizeof parts, seed);
  return {hash.low64, hash.high64};
}

PackedStatistics Statistics::packed(const Share& share) const {
  PackedStatistics packed{.all = all_,
                          .not_http = not_http_,
                          .first = first_,
                          .last = last_,
                          .days = days_,
                          .hours = hours_,
                          .statuses = statuses()};
  const auto pack = [&share](const records::TextCounts& table) {
    return share.is_all()
               ? table.packed()
               : table.packed_if([&](std::string_view text) { return share.holds(text); });
  };
  for (const records::TextCounts& table : tables_) {
    packed.tables.push_back(pack(table));
  }
  packed.groups = pack(groups_);
  packed.durations = durations_;
  packed.visitors.reserve(visits_.size());
  visits_.for_each([&](const Visit& visit) {
    if (const VisitorKey key = key_of(visit, share.seed); share.holds(key)) {
      packed.visitors.push_back(key);
    }
  });
  return packed;
}

void Statistics::add_sums(const PackedStatistics& part) {
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
  durations_.add(part.durations);
}

void Statistics::add_texts(const PackedStatistics& part, const Share& share) {
  const auto is_held = [&share](std::string_view text) { return share.holds(text); };
  for (std::size_t i = 0; i < std::min(kTables, part.tables.size()); ++i) {
    tables_[i].add_if(part.tables[i], is_held);
  }
  groups_.add_if(part.groups, is_held);
  for (const VisitorKey& visitor : part.visitors) {
    if (share.holds(visitor)) {
      visitors_.insert(visitor);
    }
  }
}

std::size_t Statistics::bytes() const {
  std::size_t bytes = groups_.bytes() + visits_.bytes() + visitors_.bytes();
  for (const records::TextCounts& table : tables_) {
    bytes += table.bytes();
  }
  return bytes;
}

void Statistics::keep(const Share& share) {
  const auto keep_texts = [&share](records::TextCounts& table) {
    // Taken out, as assigning an empty one would keep the memory of its texts.
    const auto all = std::exchange(table, {});
    table.add(all.packed_if([&](std::string_view text) { return share.holds(text); }));
  };
  std::ranges::for_each(tables_, keep_texts);
  keep_texts(groups_);
  const auto all = std::exchange(visitors_, {});
  all.for_each([&](const VisitorKey& visitor) {
    if (share.holds(visitor)) {
      visitors_.insert(visitor);
    }
  });
}

void Statistics::settle(std::size_t top) {
  for (std::size_t i = 0; i < kTables; ++i) {
    // Of methods all are told.
    const bool is_lookup = i == static_cast<std::size_t>(Table::Methods);
    const auto texts = std::exchange(tables_[i], {});
    rankings_[i].add(texts, is_lookup ? texts.size() + rankings_[i].size() : top);
  }
  ranked_groups_.add(std::exchange(groups_, {}), top);
  settled_visitors_ += std::exchange(visitors_, {}).size();
}

std::map<int, Weight> Statistics::statuses() const {
  std::map<int, Weight> seen;
  // 0 is that of formats without one.
  for (std::size_t status = 1; status < statuses_.size(); ++status) {
    if (statuses_[status].hits != 0) {
      seen[static_cast<int>(status)] = statuses_[status];
    }
  }
  return seen;
}

}  // namespace bulkhead::logs
