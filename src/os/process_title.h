#pragma once

#include <string_view>

#include "os/system_error.h"

namespace bulkhead::os {

/// What ps and top show as the command line of this process, in the place of the one with which the
/// program was started. The arguments of main stay what and where they are. (/proc/PID/cmdline)
class ProcessTitle {
 public:
  /// Whole pages are not worth it: longer titles are cut.
  static constexpr std::size_t kMostBytes = 255;

  /// For the rest of the process's life. An error where the kernel does not offer it
  /// (CONFIG_CHECKPOINT_RESTORE, PR_SET_MM_MAP in PR_SET_MM(2const)).
  static Result<ProcessTitle> take_over();

  /// Costs no call of the system. Who looks at this very moment may see a part of two titles.
  void set(std::string_view title) noexcept;

 private:
  explicit ProcessTitle(char* text) : text_(text) {}

  char* text_;  ///< memory of its own, which the kernel knows; never given back
};

}  // namespace bulkhead::os
