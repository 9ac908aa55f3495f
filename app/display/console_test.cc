#include "display/console.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace bulkhead::display {
namespace {

struct CloseStream {
  void operator()(std::FILE* stream) const { static_cast<void>(std::fclose(stream)); }
};
using Stream = std::unique_ptr<std::FILE, CloseStream>;

// A terminal of our own, and what a program wrote to it.
class Terminal {
 public:
  Terminal() : master_(::open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)) {
    std::array<char, 64> name{};
    if (::grantpt(master_) == 0 && ::unlockpt(master_) == 0 &&
        ::ptsname_r(master_, name.data(), name.size()) == 0) {
      stream_.reset(std::fopen(name.data(), "w"));
    }
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal() { ::close(master_); }

  std::FILE* stream() const { return stream_.get(); }

  std::string written() const {
    std::string text;
    std::array<char, 256> part{};
    for (ssize_t got = 0; (got = ::read(master_, part.data(), part.size())) > 0;) {
      text.append(part.data(), static_cast<std::size_t>(got));
    }
    return text;
  }

 private:
  int master_;
  Stream stream_;
};

std::string content(std::FILE* stream) {
  std::string text(static_cast<std::size_t>(std::ftell(stream)), '\0');
  std::rewind(stream);
  text.resize(std::fread(text.data(), 1, text.size(), stream));
  return text;
}

class ConsoleTest : public testing::Test {
 protected:
  Stream results{std::tmpfile()};
  Stream errors{std::tmpfile()};
};

TEST_F(ConsoleTest, InAPipeThereAreLinesAndNoProgress) {
  Console console(results.get(), errors.get(), Console::Verbosity::Normal);
  console.progress({.total = 2});
  console.result("made");
  console.error("failed");
  console.closing("one\ntwo\n");
  EXPECT_EQ(content(results.get()), "made\n");
  EXPECT_EQ(content(errors.get()), "failed\none\ntwo\n");
}

TEST_F(ConsoleTest, QuietKeepsTheErrorsAlone) {
  Console console(results.get(), errors.get(), Console::Verbosity::Quiet);
  console.result("made");
  console.error("failed");
  console.closing("one\n");
  EXPECT_EQ(content(results.get()), "");
  EXPECT_EQ(content(errors.get()), "failed\n");
}

TEST_F(ConsoleTest, ProgressGivesWayToLinesAndLeavesNothingBehind) {
  const Terminal terminal;
  if (terminal.stream() == nullptr) {
    GTEST_SKIP() << "there are no pseudo-terminals here";
  }
  {
    Console console(results.get(), terminal.stream(), Console::Verbosity::Normal);
    console.progress({.total = 2});
    console.error("failed");
  }
  EXPECT_EQ(terminal.written(), "0/2 photos, 0 %, -/s, ETA -:--\r\x1b[Kfailed\r\n");
}

TEST_F(ConsoleTest, ProgressIsErasedAtTheEnd) {
  const Terminal terminal;
  if (terminal.stream() == nullptr) {
    GTEST_SKIP() << "there are no pseudo-terminals here";
  }
  { Console(results.get(), terminal.stream(), Console::Verbosity::Normal).progress({.total = 2}); }
  EXPECT_TRUE(terminal.written().ends_with("\r\x1b[K"));
}

TEST_F(ConsoleTest, ResultThatCouldNotBeWrittenIsNoticed) {
  const Stream full(std::fopen("/dev/full", "w"));
  Console console(full.get(), errors.get(), Console::Verbosity::Normal);
  EXPECT_TRUE(console.is_intact());
  console.result("lost");
  EXPECT_FALSE(console.is_intact());
}

TEST_F(ConsoleTest, QuietWritesRecordsAndErrorsOnly) {
  Console console(results.get(), errors.get(), Console::Verbosity::Quiet);
  console.result("made");
  console.record("{}");
  console.closing("one\n");
  console.error("failed");
  EXPECT_EQ(content(results.get()), "{}\n");
  EXPECT_EQ(content(errors.get()), "failed\n");
}

TEST_F(ConsoleTest, ProgressThatIsAlwaysWantedIsALineInAPipe) {
  Console console(results.get(), errors.get(), Console::Verbosity::Quiet,
                  Console::ShowProgress::Always);
  console.progress({.done = 1, .total = 2});
  console.progress({.done = 2, .total = 2});  // Not due yet.
  const std::string lines = content(errors.get());
  EXPECT_TRUE(lines.starts_with("1/2 photos, 50 %")) << lines;
  EXPECT_EQ(lines.find('\n'), lines.size() - 1);
}

TEST_F(ConsoleTest, ProgressThatIsNotWantedIsNotDrawnOnATerminal) {
  const Terminal terminal;
  ASSERT_NE(terminal.stream(), nullptr);
  Console(results.get(), terminal.stream(), Console::Verbosity::Normal,
          Console::ShowProgress::Never)
      .progress({.total = 2});
  EXPECT_EQ(terminal.written(), "");
}

}  // namespace
}  // namespace bulkhead::display
