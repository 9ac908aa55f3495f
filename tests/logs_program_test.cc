// bulkhead logs, as its users meet it.

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "files/temporary_folder.h"
#include "running_program.h"

namespace bulkhead::tests {
namespace {

using nlohmann::json;
using Strings = std::vector<std::string>;

std::string line(int number) {
  return "10.0.0." + std::to_string(number % 7) + " - - [17/May/2015:10:05:03 +0000] \"GET /" +
         std::to_string(number % 11) + " HTTP/1.1\" " + (number % 5 == 0 ? "404" : "200") + " " +
         std::to_string(number) + " \"-\" \"agent\"\n";
}

std::string log_of(int lines) {
  std::string text;
  for (int i = 0; i < lines; ++i) {
    text += line(i);
  }
  return text;
}

class LogsProgramTest : public testing::Test {
 protected:
  Ended run(const Strings& arguments) const {
    Strings argv = {BULKHEAD_PROGRAM, "logs"};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return run_program(argv, folder.path());
  }

  json report(const Strings& arguments) const {
    Strings all = {"--to", "json"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return json::parse(run(all).out);
  }

  files::TemporaryFolder folder;
};

TEST_F(LogsProgramTest, FiguresOfARealLog) {
  const std::string log = std::string(BULKHEAD_DATA) + "/logs/apache_logs";
  if (!std::filesystem::exists(log)) {
    GTEST_SKIP() << log << " is not there";
  }
  const json told = report({log});
  const json& overview = told["overview"];
  EXPECT_EQ(overview["lines"], 10'000);
  EXPECT_EQ(overview["requests"], 10'000);
  EXPECT_EQ(overview["bytes"], 2'747'282'740);
  EXPECT_EQ(overview["clients"], 1753);
  EXPECT_EQ(overview["rejected"], 0);
  EXPECT_EQ(overview["repaired"], 1);
  EXPECT_EQ(told["status"], json({{"200", 9126},
                                  {"206", 45},
                                  {"301", 164},
                                  {"304", 445},
                                  {"403", 2},
                                  {"404", 213},
                                  {"416", 2},
                                  {"500", 3}}));
}

TEST_F(LogsProgramTest, AnyNumberOfWorkersGivesTheSameBytes) {
  // More than one portion of the least size, and files beside it.
  folder.write("a.log", log_of(40'000));
  folder.write("below/b.log", log_of(10) + "odd\n" + log_of(5));
  const Ended one = run({"-j", "1", "--rejects", "one", "a.log", "below"});
  EXPECT_NE(one.out.find("requests    40,015\n"), std::string::npos) << one.out;
  for (const Strings& how : {Strings{"-j", "3"}, Strings{"--executor", "inline"}}) {
    Strings arguments = {"--rejects", "other", "a.log", "below"};
    arguments.insert(arguments.end(), how.begin(), how.end());
    EXPECT_EQ(run(arguments).out, one.out);
    EXPECT_EQ(folder.read("other"), folder.read("one"));
  }
}

TEST_F(LogsProgramTest, TextsThatDoNotFitIntoMemoryAreCountedInSeveralPasses) {
  std::string text = "odd\n";
  const std::string padding(300, 'x');
  for (int i = 0; i < 60'000; ++i) {
    std::string each = line(i);
    each.insert(each.find(" HTTP"), padding + std::to_string(i % 50'000));
    text += each;
  }
  folder.write("a.log", text);
  const Strings options = {"--by", "path,status", "--top", "50", "a.log", "--rejects"};
  const auto run_with = [&](const std::string& memory, const std::string& rejects) {
    Strings arguments = options;
    arguments.insert(arguments.end(), {rejects, "--memory", memory});
    return run(arguments);
  };
  const Ended whole = run_with("4G", "whole");
  const Ended in_passes = run_with("1M", "passes");
  EXPECT_EQ(in_passes.status, whole.status);
  EXPECT_TRUE(in_passes.out == whole.out);
  EXPECT_EQ(folder.read("passes"), folder.read("whole"));
}

TEST_F(LogsProgramTest, PackedLogsMayHaveMoreThanMemoryHolds) {
  // More rejected lines, and more different paths, than a worker keeps for its reply.
  std::string text;
  const std::string padding(300, 'x');
  for (int i = 0; i < 40'000; ++i) {
    std::string each = line(i);
    each.insert(each.find(" HTTP"), padding + std::to_string(i));
    text += each + "odd " + padding + "\n";
  }
  folder.write("a.log", text);
  const std::string job =
      std::string(BULKHEAD_PROGRAM) + " logs - --to json --memory 1M --by path,status --rejects ";
  const Ended plain = run_program({"/bin/sh", "-c", job + "plain < a.log"}, folder.path());
  const Ended packed =
      run_program({"/bin/sh", "-c", "gzip -1 -c a.log | " + job + "packed"}, folder.path());
  EXPECT_EQ(json::parse(packed.out)["overview"]["rejected"], 40'000);
  EXPECT_TRUE(packed.out == plain.out);
  EXPECT_TRUE(folder.read("packed") == folder.read("plain"));
}

TEST_F(LogsProgramTest, LinesThatAreNotReadAreNamedAndTheRestIsCounted) {
  folder.write("a.log", line(1) + "odd \xff\n" + line(2));
  const Ended ended = run({"--to", "json", "--rejects", "rejects", "a.log"});
  EXPECT_EQ(ended.status, 1);
  const json overview = json::parse(ended.out)["overview"];
  EXPECT_EQ(overview["lines"], 3);
  EXPECT_EQ(overview["requests"], 2);
  EXPECT_EQ(overview["rejected"], 1);
  const json reject = json::parse(folder.read("rejects"));
  EXPECT_EQ(reject["file"], "a.log");
  EXPECT_EQ(reject["line"], 2);
  EXPECT_EQ(reject["offset"], line(1).size());
  EXPECT_EQ(reject["reason"], "has too few fields");
  EXPECT_EQ(reject["raw_hex"], "6f646420ff");
}

TEST_F(LogsProgramTest, FilesThatAreNoLogsFailAndTheRestIsCounted) {
  folder.write("a.log", line(1));
  folder.write("b.txt", "no\nlog\n");
  const Ended ended = run({"--to", "json", "a.log", "b.txt", "missing"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_EQ(json::parse(ended.out)["overview"]["requests"], 1);
  EXPECT_NE(ended.err.find("b.txt: error: is no access log of a known format\n"),
            std::string::npos);
  EXPECT_NE(ended.err.find("missing: error: no such file or directory\n"), std::string::npos);
}

TEST_F(LogsProgramTest, LinesOfThePipeAreRejectedUnderItsName) {
  folder.write("a.log", line(1) + "odd\n");
  const std::string logs = std::string(BULKHEAD_PROGRAM) + " logs - --rejects rejects";
  EXPECT_EQ(run_program({"/bin/sh", "-c", "cat a.log | " + logs}, folder.path()).status, 1);
  const json reject = json::parse(folder.read("rejects"));
  EXPECT_EQ(reject["file"], "-");
  EXPECT_EQ(reject["line"], 2);
}

TEST_F(LogsProgramTest, LogThatBeginsWithManyOtherLinesIsFoundOut) {
  std::string comments;
  for (int i = 0; i < 300; ++i) {
    comments += "# comment\n";
  }
  folder.write("a.log", comments + line(1));
  const json overview = report({"a.log"})["overview"];
  EXPECT_EQ(overview["requests"], 1);
  EXPECT_EQ(overview["rejected"], 300);
}

TEST_F(LogsProgramTest, CarriageReturnsAreRepairedInJsonToo) {
  folder.write("a.json",
               "{\"remote_addr\":\"c\",\"msec\":1431857103.5,\"request\":\"GET / HTTP/1.1\","
               "\"status\":200,\"body_bytes_sent\":7}\r\n");
  const json overview = report({"a.json"})["overview"];
  EXPECT_EQ(overview["requests"], 1);
  EXPECT_EQ(overview["repaired"], 1);
}

TEST_F(LogsProgramTest, MethodsThatClientsMakeUpAreOneRow) {
  const auto line_with = [](const std::string& method) {
    return R"(c - - [17/May/2015:10:05:03 +0000] ")" + method + " / HTTP/1.1\" 200 1\n";
  };
  folder.write("a.log", line_with("GET") + line_with("X\xff") + line_with("X\xfe") +
                            line_with("PROPFIND") + line_with("get"));
  EXPECT_EQ(report({"a.log"})["methods"], json({{"GET", 1}, {"PROPFIND", 1}, {"other", 3}}));
}

TEST_F(LogsProgramTest, OnlyTheTimeAskedForIsCounted) {
  folder.write("a.log", line(1) + line(2));
  EXPECT_EQ(report({"--since", "2015-05-17T10:05:03", "a.log"})["overview"]["requests"], 2);
  EXPECT_EQ(report({"--until", "2015-05-17T10:05:03", "a.log"})["overview"]["filtered"], 2);
  EXPECT_EQ(report({"--since", "2015-05-18", "a.log"})["overview"]["requests"], 0);
  const Ended wrong = run({"--since", "yesterday", "a.log"});
  EXPECT_EQ(wrong.status, 2);
  EXPECT_EQ(run({"--since", "2015-05-17T10:05:03+05:00", "a.log"}).status, 2);
  EXPECT_EQ(run({"--until", "1431857103.5", "a.log"}).status, 2);
}

TEST_F(LogsProgramTest, RequestsAreChosenAndGroupedByTheirFields) {
  folder.write("a.log", log_of(100));
  const json told =
      report({"--where", "status == 404 and path ~ 5", "--by", "status,path", "a.log"});
  EXPECT_EQ(told["overview"]["requests"], 2);
  EXPECT_EQ(told["overview"]["filtered"], 98);
  EXPECT_EQ(told["groups"], json::parse(R"([{"status":"404","path":"/5","hits":2,"bytes":65}])"));
  EXPECT_EQ(run({"--where", "colour == red", "a.log"}).status, 2);
  EXPECT_EQ(run({"--by", "colour", "a.log"}).status, 2);
}

TEST_F(LogsProgramTest, FieldsToGroupByKeepTheirNamesApartFromTheWeights) {
  folder.write("a.log", line(7) + line(7));
  EXPECT_EQ(report({"--by", "bytes", "a.log"})["groups"],
            json::parse(R"([{"response_bytes":"7","hits":2,"bytes":14}])"));
  EXPECT_EQ(run({"--by", "bytes", "--to", "sqlite", "-o", "out.sqlite", "a.log"}).status, 0);
  const Ended twice = run({"--by", "path,status,path", "a.log"});
  EXPECT_EQ(twice.status, 2);
  EXPECT_NE(twice.err.find("field 'path' is named twice"), std::string::npos) << twice.err;
}

TEST_F(LogsProgramTest, GroupsAreToldApartWhateverBytesTheirFieldsHave) {
  const auto line_with = [](const std::string& referrer, const std::string& agent) {
    return R"(c - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1 ")" + referrer + "\" \"" +
           agent + "\"\n";
  };
  const std::string nul(1, '\0');
  folder.write("a.log", line_with("a" + nul + "b", "c") + line_with("a", "b" + nul + "c"));
  const json groups = report({"--by", "referrer,agent", "a.log"})["groups"];
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0]["referrer"], "a");
  EXPECT_EQ(groups[0]["agent"], "b" + nul + "c");
  EXPECT_EQ(groups[1]["referrer"], "a" + nul + "b");
  EXPECT_EQ(groups[1]["agent"], "c");
}

TEST_F(LogsProgramTest, NoSumOfBytesWraps) {
  const auto line_of = [](const std::string& bytes) {
    return R"(c - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 )" + bytes + "\n";
  };
  folder.write("a.log", line_of("18446744073709551615") + line_of("9007199254740993") +
                            line_of("9007199254740992"));
  const Ended ended = run({"--to", "json", "--rejects", "rejects", "a.log"});
  EXPECT_EQ(json::parse(ended.out)["overview"]["bytes"], 9007199254740992);
  const json reject =
      json::parse(folder.read("rejects").substr(0, folder.read("rejects").find('\n')));
  EXPECT_EQ(reject["reason"], "has no number of bytes up to 2^53");
  std::string many;
  for (int i = 0; i < 3'000; ++i) {
    many += line_of("9007199254740992");
  }
  folder.write("b.log", many);
  EXPECT_EQ(report({"b.log"})["overview"]["bytes"], 9223372036854775807);
}

TEST_F(LogsProgramTest, JsonLinesAndFormatsOfOnesOwnHaveLatencies) {
  folder.write("a.json",
               "{\"remote_addr\":\"c\",\"msec\":1431857103.5,\"request\":\"GET / HTTP/1.1\","
               "\"status\":200,\"body_bytes_sent\":7,\"request_time\":0.5}\n");
  EXPECT_EQ(report({"a.json"})["latency"]["p50"], 0.5);
  folder.write("b.log", "1431857103 c /a 250\n");
  EXPECT_EQ(report({"--log-format", "%x %h %U %D", "b.log"})["latency"]["max"], 0.00025);
  EXPECT_EQ(run({"--log-format", "%h", "b.log"}).status, 2);
}

TEST_F(LogsProgramTest, TextsOfJsonLinesThatFollowOneAnotherAreKeptApart) {
  const auto json_line = [](const std::string& client) {
    return R"({"remote_addr":")" + client + R"(","msec":1431857103,"request":"GET /\u00e9)" +
           client + R"( HTTP/1.1","status":200,"body_bytes_sent":7})" + "\n";
  };
  folder.write("a.json",
               json_line("alpha") + json_line("be") + json_line("gamma") + json_line("be"));
  const json clients = report({"a.json"})["clients"];
  ASSERT_EQ(clients.size(), 3U);
  EXPECT_EQ(clients[0]["client"], "be");
  EXPECT_EQ(clients[0]["hits"], 2);
}

TEST_F(LogsProgramTest, TablesHaveTheSameFigures) {
  folder.write("a.log", log_of(10));
  EXPECT_NE(run({"--to", "csv", "a.log"}).out.find("\nstatus,404,2,5\n"), std::string::npos);
  EXPECT_EQ(run({"--to", "sqlite", "a.log"}).status, 2);
  EXPECT_EQ(run({"--to", "sqlite", "-o", "out.sqlite", "a.log"}).status, 0);
  EXPECT_EQ(folder.read("out.sqlite").substr(0, 15), "SQLite format 3");
}

TEST_F(LogsProgramTest, ReportIsWrittenToAFileWhole) {
  folder.write("a.log", line(1));
  EXPECT_EQ(run({"--quiet", "-o", "report", "a.log"}).out, "");
  EXPECT_EQ(folder.read("report").substr(0, 9), "Overview\n");
}

TEST_F(LogsProgramTest, EveryFormOfOutputMakesItsFoldersAndABadOneIsRefusedBeforeAllIsRead) {
  folder.write("a.log", line(1));
  for (const std::string form : {"text", "json", "csv", "sqlite"}) {
    const std::string output = "new/" + form + "/report";
    EXPECT_EQ(run({"--to", form, "-o", output, "--rejects", "r/" + form, "a.log"}).status, 0);
    EXPECT_FALSE(folder.read(output).empty());
    const Ended refused = run({"--to", form, "-o", "a.log/report", "a.log"});
    EXPECT_EQ(refused.status, 2);
    EXPECT_EQ(refused.err, "bulkhead logs: a.log/report: cannot write: not a directory\n");
  }
}

}  // namespace
}  // namespace bulkhead::tests
