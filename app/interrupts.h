#pragma once

#include <atomic>
#include <csignal>
#include <functional>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>

namespace bulkhead {

/// Turns SIGINT, SIGTERM and SIGHUP into two calls: the first signal asks to stop, the second to
/// stop at once. They are blocked from construction to destruction, in the threads that are made
/// in between too, so that none is lost and none ends the program. One that is ignored at
/// construction stays ignored, as nohup(1) and the background jobs of a shell want it. SIGPIPE is a
/// first signal, too, unless another came: who reads the output has gone.
class Interrupts {
 public:
  /// Takes signals as long as it lives, those since the construction of Interrupts included.
  class [[nodiscard]] Watch {
   public:
    explicit Watch(std::jthread thread) : thread_(std::move(thread)) {}
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    ~Watch();

   private:
    std::jthread thread_;
  };

  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  /// The functions are called in a thread of its own, each at most once, and not after the end of
  /// the Watch. One Watch at a time.
  Watch watch(std::function<void()> on_first, std::function<void()> on_second);

  /// Takes the signals that came while there was no Watch; the first that ever came, 0: none.
  int take_pending();

  /// How many signals came. Any thread.
  int count() const { return count_.load(); }

  /// The first that came; 0: none. Any thread.
  int first_signal() const { return first_signal_.load(); }

 private:
  void wait_for_signals(const std::stop_token& end, const std::function<void()>& on_first,
                        const std::function<void()>& on_second);

  /// Returns how many came before; nothing: it is none that counts.
  std::optional<int> note(const siginfo_t& info);

  sigset_t watched_{};
  sigset_t mask_before_{};
  struct sigaction on_broken_pipe_before_ {};
  // Written by the watching thread alone; they carry no other data, so that no order matters.
  std::atomic<int> count_{0};
  std::atomic<int> first_signal_{0};
};

}  // namespace bulkhead
