#pragma once

#include <cstddef>
#include <cstdio>
#include <string_view>

#include "display/progress_line.h"

namespace bulkhead::display {

/// The two streams of the program, shared by lines and by one line of progress that stays last.
/// One thread only.
class Console {
 public:
  enum class Verbosity { Normal, Quiet };
  enum class ShowProgress {
    Auto,  ///< When `errors` is a terminal and the console is not quiet.
    Always,
    Never,
  };

  /// Progress is drawn on `errors`: as one line that is overwritten on a terminal, else as lines.
  Console(std::FILE* results, std::FILE* errors, Verbosity verbosity,
          ShowProgress show_progress = ShowProgress::Auto);
  ~Console();
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  /// One line of the result for people, written at once; nothing when quiet.
  void result(std::string_view line);
  /// One line of the result for programs, written at once: always.
  void record(std::string_view line);
  /// One line about an error: always written.
  void error(std::string_view line);
  /// Text at the end of a run, with its line ends; nothing when quiet.
  void closing(std::string_view lines);
  /// Draws the progress when it is due.
  void progress(const Progress& progress);

  /// Whether every result reached its stream; false for a full disk.
  bool is_intact() const { return is_intact_; }

 private:
  void write(std::FILE* stream, std::string_view text, std::string_view end);
  void erase_progress();

  std::FILE* results_;
  std::FILE* errors_;
  bool is_quiet_;
  bool is_terminal_;
  bool shows_progress_;
  bool is_progress_drawn_ = false;
  bool is_intact_ = true;
  Throttle throttle_;
};

/// Columns of the terminal behind a stream, 80 where it does not say; 0: it is no terminal.
std::size_t terminal_columns(std::FILE* stream);

}  // namespace bulkhead::display
