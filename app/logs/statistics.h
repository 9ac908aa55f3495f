#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "logs/durations.h"
#include "logs/field.h"
#include "logs/request.h"
#include "logs/share.h"
#include "logs/visitor_key.h"
#include "records/flat_set.h"
#include "records/text_counts.h"
#include "records/text_ranking.h"
#include "records/weight.h"

namespace bulkhead::logs {

using records::Weight;

/// The statistics of a part of the requests, as they cross from a worker to the program.
struct PackedStatistics {
  Weight all = {};
  Weight not_http = {};
  std::optional<Moment> first = {};
  std::optional<Moment> last = {};
  std::map<std::int32_t, Weight> days = {};
  std::array<Weight, 24> hours = {};
  std::map<int, Weight> statuses = {};
  std::vector<records::PackedCounts> tables = {};
  records::PackedCounts groups = {};
  Durations durations = {};
  std::vector<VisitorKey> visitors = {};
};

/// What requests are counted by, each a table of texts.
enum class Table : std::uint8_t { Methods, Paths, NotFound, Clients, Referrers, Agents, Vhosts };
inline constexpr std::size_t kTables = 7;

/// Statistics of requests. Sums of whole numbers and sets only, so that parts put together give the
/// same in whatever order and however they were cut.
///
/// A visitor is a client on one day with one user agent; requests that were answered by 4xx make
/// none.
class Statistics {
 public:
  static constexpr std::size_t kMostTogether = 16;

  /// Requests are also grouped by all of these fields, if there are any.
  explicit Statistics(std::vector<Field> by = {}) : by_(std::move(by)) {}

  void add(const Request& request) { add({&request, 1}); }
  /// Several at once are quicker than one after the other, kMostTogether quickest.
  void add(std::span<const Request> requests);
  /// Only the texts and visitors of a share, and all else.
  PackedStatistics packed(const Share& share = {}) const;

  // ---- of parts put together
  void add(const PackedStatistics& part) {
    add_sums(part);
    add_texts(part, {});
  }
  /// All but texts and visitors.
  void add_sums(const PackedStatistics& part);
  /// Only the texts and visitors of a share.
  void add_texts(const PackedStatistics& part, const Share& share);
  /// Memory that texts and visitors take.
  std::size_t bytes() const;
  /// Forgets all texts and visitors that are not of this share.
  void keep(const Share& share);
  /// All texts and visitors of a share were added: keeps how many there were, and the `top` first
  /// of each ranking, and makes room for the next share.
  void settle(std::size_t top);

  const Weight& all() const { return all_; }
  /// Those whose request line is no HTTP; they are in all(), and in no table of paths or methods.
  const Weight& not_http() const { return not_http_; }
  /// By the instants; nothing when there were no requests.
  const std::optional<Moment>& first() const { return first_; }
  const std::optional<Moment>& last() const { return last_; }
  const std::map<std::int32_t, Weight>& days() const { return days_; }
  /// By the clock of the log.
  const std::array<Weight, 24>& hours() const { return hours_; }
  std::map<int, Weight> statuses() const;
  /// Of what was settled.
  const records::TextRanking& ranking(Table table) const {
    return rankings_[static_cast<std::size_t>(table)];
  }
  /// Of what was settled.
  std::uint64_t visitors() const { return settled_visitors_; }
  /// Of what was settled. The texts are those of group_key.h.
  const records::TextRanking& groups() const { return ranked_groups_; }
  /// Of the requests whose lines tell how long they took.
  const Durations& durations() const { return durations_; }

 private:
  // A visitor as places in the tables of clients and agents, which is quicker to find.
  struct Visit {
    std::uint32_t client = 0;
    std::uint32_t agent = 0;
    std::int32_t day = 0;
    friend bool operator==(const Visit&, const Visit&) = default;
  };
  struct HashVisit {
    std::size_t operator()(const Visit& visit) const;
  };
  struct HashKey {
    std::size_t operator()(const VisitorKey& key) const { return key.low; }
  };

  // The keys of a request in the tables where it is counted.
  struct Keys {
    std::array<records::TextCounts::Key, kTables> key;
    std::array<bool, kTables> is_counted{};
  };

  Keys keys_of(const Request& request) const;
  void add_together(std::span<const Request> requests);
  /// Returns the places of the texts in their tables.
  std::array<std::uint32_t, kTables> count(const Request& request, const Keys& keys);
  void count_moment(const Moment& moment, Weight weight);
  void widen(const Moment& moment);
  void count_group(const Request& request, Weight weight);
  VisitorKey key_of(const Visit& visit, std::uint64_t seed) const;

  std::vector<Field> by_;
  Weight all_;
  Weight not_http_;
  std::optional<Moment> first_;
  std::optional<Moment> last_;
  std::map<std::int32_t, Weight> days_;
  std::array<Weight, 24> hours_{};
  std::array<Weight, 1000> statuses_{};
  std::array<records::TextCounts, kTables> tables_;
  std::array<records::TextRanking, kTables> rankings_;
  records::TextCounts groups_;
  records::TextRanking ranked_groups_;
  Durations durations_;
  records::FlatSet<Visit, HashVisit> visits_;       // of requests added
  records::FlatSet<VisitorKey, HashKey> visitors_;  // of parts added
  std::uint64_t settled_visitors_ = 0;
};

}  // namespace bulkhead::logs
