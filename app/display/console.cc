#include "display/console.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <string>

namespace bulkhead::display {
namespace {

// Ten times a second looks smooth and costs nothing; in a log even one line a second is much.
constexpr std::chrono::milliseconds kDrawingInterval{100};
constexpr std::chrono::milliseconds kLineInterval{1000};

constexpr std::size_t kColumnsOfALine = 80;

constexpr std::string_view kEraseLine = "\r\x1b[K";

}  // namespace

std::size_t terminal_columns(std::FILE* stream) {
  const int file = ::fileno(stream);
  if (::isatty(file) == 0) {
    return 0;
  }
  struct winsize size {};
  constexpr std::size_t kUsual = 80;
  return ::ioctl(file, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kUsual;
}

Console::Console(std::FILE* results, std::FILE* errors, Verbosity verbosity,
                 ShowProgress show_progress)
    : results_(results),
      errors_(errors),
      is_quiet_(verbosity == Verbosity::Quiet),
      is_terminal_(terminal_columns(errors) > 0),
      shows_progress_(show_progress == ShowProgress::Always ||
                      (show_progress == ShowProgress::Auto && is_terminal_ && !is_quiet_)),
      throttle_(is_terminal_ ? kDrawingInterval : kLineInterval) {}

Console::~Console() {
  erase_progress();
}

void Console::result(std::string_view line) {
  if (!is_quiet_) {
    record(line);
  }
}

void Console::record(std::string_view line) {
  erase_progress();
  write(results_, line, "\n");
}

void Console::error(std::string_view line) {
  erase_progress();
  write(errors_, line, "\n");
}

void Console::closing(std::string_view lines) {
  if (!is_quiet_) {
    erase_progress();
    write(errors_, lines, "");
  }
}

void Console::progress(const Progress& progress) {
  if (!shows_progress_ || !throttle_.is_due(std::chrono::steady_clock::now())) {
    return;
  }
  if (!is_terminal_) {
    return write(errors_, format_progress(progress, kColumnsOfALine), "\n");
  }
  const std::string line = format_progress(progress, terminal_columns(errors_));
  erase_progress();
  write(errors_, line, "");
  is_progress_drawn_ = true;
}

void Console::erase_progress() {
  if (is_progress_drawn_) {
    write(errors_, kEraseLine, "");
    is_progress_drawn_ = false;
  }
}

void Console::write(std::FILE* stream, std::string_view text, std::string_view end) {
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fwrite(end.data(), 1, end.size(), stream);
  // At once: a reader at the other end of a pipe gets each line when it is true.
  if (std::fflush(stream) != 0 && stream == results_) {
    is_intact_ = false;
  }
}

}  // namespace bulkhead::display
