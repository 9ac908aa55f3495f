#include "logs/statistics.h"

#include <gtest/gtest.h>

#include "logs/report.h"

namespace bulkhead::logs {
namespace {

Request request(std::string_view client, std::string_view path, int status = 200) {
  return {.client = client,
          .method = "GET",
          .path = path,
          .agent = "agent",
          .time = {.day = 10, .second = 3600},
          .status = status,
          .bytes = 100};
}

constexpr std::size_t kTop = 100;

// All requests in as many parts as there are.
Statistics sum_of(const std::vector<std::vector<Request>>& parts) {
  Statistics sum;
  for (const auto& requests : parts) {
    Statistics part;
    for (const Request& each : requests) {
      part.add(each);
    }
    sum.add(part.packed());
  }
  sum.settle(kTop);
  return sum;
}

TEST(StatisticsTest, PartsAddUpToTheSameHoweverTheyAreCut) {
  std::vector<Request> requests = {request("a", "/x"), request("b", "/x", 404), request("a", "/y"),
                                   request("c", "/x", 500), request("a", "/x")};
  requests[1].time = {.day = 9, .second = 5};
  requests[3].time = {.day = 11, .second = 7};
  requests[4].is_http = false;
  const auto json = [](const Statistics& statistics) {
    return as_json(make_report(statistics, {}));
  };
  const std::string whole = json(sum_of({requests}));
  for (std::size_t cut = 0; cut <= requests.size(); ++cut) {
    const auto middle = requests.begin() + static_cast<std::ptrdiff_t>(cut);
    const std::vector<Request> first(requests.begin(), middle);
    const std::vector<Request> second(middle, requests.end());
    EXPECT_EQ(json(sum_of({second, first})), whole);
  }
}

TEST(StatisticsTest, RequestsAddedTogetherCountAsOneByOne) {
  std::vector<std::string> texts;
  for (int i = 0; i < 100; ++i) {
    texts.push_back("/" + std::to_string(i * i % 37));
  }
  std::vector<Request> requests;
  for (int i = 0; i < 100; ++i) {
    requests.push_back(request(texts[static_cast<std::size_t>(i)],
                               texts[static_cast<std::size_t>(99 - i)], i % 7 == 0 ? 404 : 200));
  }
  Statistics together;
  together.add(requests);
  Statistics sum;
  sum.add(together.packed());
  sum.settle(kTop);
  EXPECT_EQ(as_json(make_report(sum, {})), as_json(make_report(sum_of({requests}), {})));
}

TEST(StatisticsTest, VisitorIsClientDayAndAgentAndNoneWith4xx) {
  std::vector<Request> requests(7, request("a", "/"));
  requests[1].client = "b";
  requests[2].agent = "other";
  requests[3].time.day = 11;
  requests[4].client = "c";
  requests[4].status = 404;
  requests[5].path = "/other";
  const Statistics sum = sum_of({requests, requests});
  EXPECT_EQ(sum.visitors(), 4U);
  EXPECT_EQ(sum.ranking(Table::Clients).size(), 3U);
}

TEST(StatisticsTest, WhatIsNoHttpIsInNoTableOfPathsOrMethods) {
  Request odd = request("a", "\\x16");
  odd.is_http = false;
  const Statistics sum = sum_of({{odd, request("a", "/")}});
  EXPECT_EQ(sum.all().hits, 2U);
  EXPECT_EQ(sum.not_http().hits, 1U);
  EXPECT_EQ(sum.ranking(Table::Paths).size(), 1U);
  EXPECT_EQ(sum.ranking(Table::Methods).size(), 1U);
}

TEST(StatisticsTest, FirstAndLastAreInstants) {
  Request early = request("a", "/");
  early.time = {.day = 10, .second = 7200, .offset_minutes = 120};
  Request late = request("a", "/");
  late.time = {.day = 10, .second = 3600, .offset_minutes = 0};
  const Statistics sum = sum_of({{late}, {early}});
  EXPECT_EQ(sum.first()->utc_seconds(), 10 * 86400);
  EXPECT_EQ(sum.last()->utc_seconds(), 10 * 86400 + 3600);
}

TEST(StatisticsTest, SharesAddUpToTheWhole) {
  std::vector<Request> requests;
  std::vector<std::string> texts;
  for (int i = 0; i < 500; ++i) {
    texts.push_back("/" + std::to_string(i * i % 211));
  }
  for (std::size_t i = 0; i < texts.size(); ++i) {
    requests.push_back(request(texts[i], texts[texts.size() - 1 - i], i % 7 == 0 ? 404 : 200));
  }
  const std::string whole = as_json(make_report(sum_of({requests}), {}));
  Statistics part;
  part.add(requests);
  const auto [first, second] = Share{.seed = 7}.halves();
  Statistics sum;
  sum.add_sums(part.packed());
  for (const Share& share : {first, second.halves().first, second.halves().second}) {
    sum.add_texts(part.packed(share), {});
    sum.settle(kTop);
  }
  EXPECT_EQ(as_json(make_report(sum, {})), whole);
}

TEST(StatisticsTest, VisitorsAreHashedWithTheSeedOfTheRun) {
  Statistics part;
  part.add(request("a", "/"));
  const auto visitor = [&part](std::uint64_t seed) {
    return part.packed({.seed = seed}).visitors.at(0);
  };
  EXPECT_TRUE(visitor(1) == visitor(1));
  EXPECT_FALSE(visitor(1) == visitor(2));
  EXPECT_FALSE(visitor(1) == visitor(1 | std::uint64_t{1} << 63U));
}

TEST(StatisticsTest, MethodsThatNobodyKnowsAreCountedTogether) {
  Request odd = request("a", "/");
  odd.method = "HACK1";
  Request other = odd;
  other.method = "HACK2";
  const Statistics sum = sum_of({{odd, request("a", "/")}, {other}});
  const auto& rows = sum.ranking(Table::Methods).rows();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].text, "other");
  EXPECT_EQ(rows[0].weight.hits, 2U);
}

TEST(StatisticsTest, WhatIsNoLongerOfTheShareIsForgotten) {
  const std::vector<Request> requests = {request("a", "/x"), request("b", "/y", 404),
                                         request("c", "/z"), request("a", "/y")};
  Statistics part;
  part.add(requests);
  const auto [first, second] = Share{.seed = 7}.halves();
  Statistics sum;
  sum.add_sums(part.packed());
  sum.add_texts(part.packed(), {});
  sum.keep(first);
  sum.settle(kTop);
  sum.add_texts(part.packed(), second);
  sum.settle(kTop);
  EXPECT_EQ(as_json(make_report(sum, {})), as_json(make_report(sum_of({requests}), {})));
}

}  // namespace
}  // namespace bulkhead::logs
