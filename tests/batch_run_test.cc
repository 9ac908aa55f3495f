// What a record costs that no worker survives.

#include "jobs/batch_run.h"

#include <csignal>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "files/temporary_folder.h"
#include "records/line_reader.h"

namespace bulkhead::jobs {
namespace {

using records::Batch;
using Strings = std::vector<std::string>;

// The lines of a batch; a line "die" is the end of its worker.
Strings read_lines(const Batch& batch) {
  Strings lines;
  for (const records::Portion& portion : batch) {
    auto reader = records::LineReader::open(portion);
    records::Line line;
    while (reader && reader->next(line)) {
      if (line.text == "die") {
        static_cast<void>(std::raise(SIGKILL));
      }
      lines.emplace_back(line.text);
    }
  }
  return lines;
}

struct Receiver {
  void on_reply(const Batch&, const Strings& reply) {
    lines.insert(lines.end(), reply.begin(), reply.end());
  }
  void on_lost(const Batch& batch, const Failure& failure) {
    for (const records::Portion& portion : batch) {
      lines.push_back("lost " + portion.path.substr(portion.path.rfind('/') + 1) + " " +
                      std::to_string(portion.begin));
    }
    kinds.push_back(failure.kind);
  }
  void on_not_tried(const Batch&) {}
  static bool wants_more() { return true; }

  Strings lines;
  std::vector<FailureKind> kinds;
};

records::FoundFile found(const std::string& path, std::size_t bytes, bool can_be_cut) {
  return {.path = path, .name = path, .bytes = bytes, .can_be_cut = can_be_cut};
}

Receiver run(const std::vector<records::FoundFile>& files) {
  Receiver receiver;
  const RunOptions options{.jobs = 2};
  const auto make_task = [](const Batch& batch) { return batch; };
  BatchRun(options, make_task, read_lines, receiver).run(records::plan_batches(files, {}));
  return receiver;
}

TEST(BatchRunTest, CrashCostsTheOneRecordAndEverythingElseKeepsItsOrder) {
  const files::TemporaryFolder folder;
  const std::string text = "one\ntwo\ndie\nthree\n";
  const Receiver receiver = run({found(folder.write("a", "first\n"), 6, true),
                                 found(folder.write("b", text), text.size(), true),
                                 found(folder.write("c", "last\n"), 5, true)});
  EXPECT_EQ(receiver.lines, Strings({"first", "one", "two", "lost b 8", "three", "last"}));
  EXPECT_EQ(receiver.kinds, std::vector<FailureKind>({FailureKind::Crashed}));
}

TEST(BatchRunTest, FileThatCannotBeCutIsLostAlone) {
  const files::TemporaryFolder folder;
  const Receiver receiver = run({found(folder.write("a", "first\n"), 6, false),
                                 found(folder.write("b", "one\ndie\n"), 8, false),
                                 found(folder.write("c", "last\n"), 5, false)});
  EXPECT_EQ(receiver.lines, Strings({"first", "lost b 0", "last"}));
}

TEST(BatchRunTest, SearchForTheCulpritsEnds) {
  const files::TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 400; ++i) {
    text += "die\n";
  }
  const Receiver receiver = run({found(folder.write("a", text), text.size(), true)});
  EXPECT_LT(receiver.kinds.size(), 200U);
  EXPECT_GT(receiver.kinds.size(), 1U);
}

}  // namespace
}  // namespace bulkhead::jobs
