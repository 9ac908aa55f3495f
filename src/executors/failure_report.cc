// The long form of a failure: a stack with names, and what the worker used.

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <map>

#include <bulkhead/error.h>

#include "os/code_address.h"
#include "os/symbols.h"

namespace bulkhead {

namespace {

/// Turns places into names; reads each module's file once.
class Symboliser {
 public:
  StackFrame frame_of(const CodePlace& place) {
    const auto found = modules_.find(place.module);
    const Module& module = found != modules_.end() ? found->second : load(place.module);
    return {module.file, place.offset, module.symbols.function_at(place.offset)};
  }

 private:
  struct Module {
    std::string file;
    os::Symbols symbols;
  };

  const Module& load(std::uint64_t module) {
    const std::string file = os::module_file(module);
    return modules_.emplace(module, Module{file, os::Symbols::of_file(file)}).first->second;
  }

  std::map<std::uint64_t, Module> modules_;
};

/// What the C++ runtime does in order to throw is of no interest either.
void drop_throwing(std::vector<StackFrame>& stack) {
  const auto thrower = std::ranges::find_if(stack, [](const StackFrame& frame) {
    return frame.function.find("__cxa_throw") != std::string::npos ||
           frame.function.find("__cxa_rethrow") != std::string::npos ||
           frame.function.starts_with("std::rethrow_exception");
  });
  if (thrower != stack.end()) {
    stack.erase(stack.begin(), std::next(thrower));
  }
}

/// What runs the function in the worker is of no interest: the stack ends with the function.
void drop_callers_of_the_task(std::vector<StackFrame>& stack) {
  const auto library = std::ranges::find_if(stack, [](const StackFrame& frame) {
    return frame.function.find("bulkhead::detail::invoke_callable<") != std::string::npos;
  });
  stack.erase(library, stack.end());
}

template <class... Values>
std::string formatted(const char* format, Values... values) {
  std::array<char, 128> text{};
  std::snprintf(text.data(), text.size(), format, values...);
  return text.data();
}

std::string place_in_words(const StackFrame& frame) {
  const std::string module =
      frame.module.empty() ? "?" : std::filesystem::path(frame.module).filename().string();
  const std::string at =
      module + formatted("+0x%llx", static_cast<unsigned long long>(frame.offset));
  return frame.function.empty() ? at : frame.function + " (" + at + ")";
}

std::string use_in_words(const Evidence& evidence) {
  return formatted("used %.3f s of CPU time, %.1f MiB of memory at most",
                   std::chrono::duration<double>(evidence.cpu_time).count(),
                   static_cast<double>(evidence.max_rss_bytes) / (1 << 20));
}

}  // namespace

std::vector<StackFrame> Failure::stack() const {
  std::vector<StackFrame> frames;
  if (evidence) {
    Symboliser symboliser;
    for (const CodePlace& place : evidence->places) {
      frames.push_back(symboliser.frame_of(place));
    }
  }
  if (kind == FailureKind::Exception) {
    drop_throwing(frames);
  }
  drop_callers_of_the_task(frames);
  return frames;
}

std::string Failure::report() const {
  std::string text = message() + "\n";
  if (!input.empty()) {
    text += "  of the item " + input + "\n";
  }
  if (!evidence) {
    return text;
  }
  if (evidence->address) {
    text += formatted("  at address 0x%llx\n", static_cast<unsigned long long>(*evidence->address));
  }
  if (evidence->max_rss_bytes != 0) {
    text += "  " + use_in_words(*evidence) + (evidence->core_dumped ? "; core dumped\n" : "\n");
  }
  int number = 0;
  for (const StackFrame& frame : stack()) {
    text += formatted("  #%d ", number++) + place_in_words(frame) + "\n";
  }
  return text;
}

}  // namespace bulkhead
