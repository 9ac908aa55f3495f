#include "executors/worker.h"

#include <cxxabi.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <unordered_map>
#include <vector>

#include "executors/call.h"
#include "executors/shared_values.h"
#include "executors/worker_life.h"
#include "executors/worker_task.h"
#include "os/crash_handler.h"
#include "os/large_memory.h"
#include "transport/worker_end.h"

namespace bulkhead::executors {

namespace {

using transport::Frame;
using transport::FrameKind;
using Clock = std::chrono::steady_clock;

/// exit() in a task must not run the program's atexit handlers and static destructors here.
/// Handlers run last in, first out, so this one, registered last, ends the process before them.
void leave_at_exit(int status, void*) {
  std::cout.flush();
  std::fflush(stdout);
  ::_exit(status);
}

/// The memory of a larger result is given back, that of a smaller one is used again.
constexpr std::size_t kKeptResultBytes = std::size_t{4} << 20U;

class Worker {
 public:
  explicit Worker(transport::WorkerEnd& channel) : channel_(channel), task_(channel) {}

  void run() {
    RunningTask::set_of_process(&task_);
    while (!is_over_) {
      if (must_leave_) {
        channel_.send(FrameKind::Leaving, {});
        leave();
        return;
      }
      auto frame = channel_.try_receive();
      if (!frame) {
        return;
      }
      if (!*frame) {
        rest();
        continue;
      }
      handle(**frame);
    }
  }

 private:
  void handle(const Frame& frame) {
    switch (frame.kind) {
      case FrameKind::Define:
        define(frame);
        return;
      case FrameKind::Forget:
        functions_.erase(frame.value);
        refused_.erase(frame.value);
        return;
      case FrameKind::Call:
      case FrameKind::TimedCall:
        call_all(frame);
        return;
      case FrameKind::Limit:
        task_.set_limit(std::chrono::nanoseconds(frame.value));
        return;
      case FrameKind::Item:
        next_item_ = frame.value;
        return;
      case FrameKind::Setup:
        set_up(frame);
        return;
      case FrameKind::Share:
        share(frame.value);
        return;
      case FrameKind::Unshare:
        shared_.erase(frame.value);
        return;
      case FrameKind::Stop:
        leave();
        return;
      case FrameKind::Ready:
      case FrameKind::Result:
      case FrameKind::Exception:
      case FrameKind::Skipped:
      case FrameKind::Stopped:
      case FrameKind::HookFailed:
      case FrameKind::Leaving:
        return;  // Replies are not requests.
    }
  }

  void set_up(const Frame& frame) {
    if (const auto thrown = life_.begin(frame.payload)) {
      tell_of_hook(*thrown);
      is_over_ = true;
      return;
    }
    channel_.send(FrameKind::Ready, {});
  }

  void leave() {
    if (const auto thrown = life_.end()) {
      tell_of_hook(*thrown);
    }
    is_over_ = true;
  }

  void tell_of_hook(const std::vector<RemoteWhat>& thrown) {
    Bytes payload;
    Encoder out(payload);
    out(Thrown{.phase = TaskPhase::Initialise, .exceptions = thrown});
    channel_.send(FrameKind::HookFailed, payload);
  }

  /// A value that cannot be taken over fails the calls that look for it.
  void share(std::uint64_t number) {
    auto descriptor = channel_.take_descriptor(number);
    if (!descriptor) {
      return;
    }
    try {
      shared_[number] = detail::adopt_shared_memory(number, std::move(*descriptor));
    } catch (const SerializationError&) {
      shared_.erase(number);
    }
  }

  /// A function that cannot be loaded here fails its own calls.
  void define(const Frame& frame) {
    try {
      load(frame);
    } catch (const std::exception&) {
      refused_.insert_or_assign(frame.value, describe_current_throw());
    }
  }

  void load(const Frame& frame) {
    Decoder in(frame.payload);
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the address of code, made by encode_code_address
    const auto name =
        reinterpret_cast<detail::CallableName>(const_cast<void*>(detail::decode_code_address(in)));
    const auto closure = in.take(in.count(1));
    functions_.insert_or_assign(frame.value, LoadedCallable(name, closure));
  }

  void call_all(const Frame& frame) {
    const auto function = functions_.find(frame.value);
    LoadedCallable* const callable = function == functions_.end() ? nullptr : &function->second;
    const bool timed = frame.kind == FrameKind::TimedCall;
    const std::size_t each = frame.payload.size() / frame.count;
    channel_.announce_if_last();
    for (std::size_t i = 0; i < frame.count && !must_leave_; ++i) {
      channel_.item().store(next_item_, std::memory_order_relaxed);
      next_item_ += next_item_ == 0 ? 0 : 1;
      if (!channel_.claim(next_sequence_++, timed)) {
        channel_.send(FrameKind::Skipped, {});
      } else if (callable != nullptr) {
        call(*callable, frame.payload.subspan(i * each, each), timed);
      } else {
        // The program sends a definition before the first call, so this one was refused.
        send_exception(refused_.at(frame.value));
      }
    }
    channel_.announce();
  }

  void call(LoadedCallable& callable, std::span<const std::byte> arguments, bool timed) {
    if (burst_calls_++ == 0) {
      burst_start_ = Clock::now();
    }
    task_.begin(next_sequence_ - 1, timed);
    result_.clear();
    Encoder out(channel_.room_for_result(), result_);
    auto thrown = run(callable, arguments, out);
    measure();
    if (task_.was_stopped()) {
      channel_.send(FrameKind::Stopped, {});
      return;
    }
    if (thrown) {
      life_.explain(thrown->exceptions);
      send_exception(*thrown);
    } else if (out.is_in_room()) {
      channel_.send_from_room(out.size());
    } else {
      channel_.send(FrameKind::Result, result_);
    }
    if (result_.capacity() > kKeptResultBytes) {
      Bytes().swap(result_);
    }
  }

  void send_exception(const Thrown& thrown) {
    result_.clear();
    Encoder out(result_);
    out(thrown);
    channel_.send(FrameKind::Exception, result_);
  }

  // Forced unwinding gives the handler no object, see run_call.
  __attribute__((no_sanitize("undefined"))) std::optional<Thrown> run(
      LoadedCallable& callable, std::span<const std::byte> arguments, Encoder& result) {
    try {
      return run_call(callable, arguments, result);
    } catch (const abi::__forced_unwind&) {
      // pthread_exit. Below us on the stack are the frames of the program that was forked: nothing
      // may unwind into them.
      leave_at_exit(0, nullptr);
      throw;
    }
  }

  /// Reading the clock costs as much as a tiny call: done after each call only while calls are
  /// long.
  void measure() {
    if (burst_calls_ < calls_between_looks_) {
      return;
    }
    const auto now = Clock::now();
    must_leave_ = life_.is_too_large(now);
    busy_ += now - burst_start_;
    busy_calls_ += burst_calls_;
    const auto each = (now - burst_start_) / burst_calls_;
    calls_between_looks_ = each > std::chrono::microseconds(2) ? 1 : 64;
    burst_calls_ = 0;
    channel_.report_busy(busy_, busy_calls_);
  }

  void rest() {
    task_.end();
    calls_between_looks_ = 1;  // What follows may be of another kind.
    if (burst_calls_ != 0) {
      measure();
    }
    if (must_leave_) {
      return;
    }
    std::cout.flush();
    std::fflush(stdout);
    channel_.announce_rest();
    channel_.wait_for_request();
  }

  transport::WorkerEnd& channel_;
  WorkerTask task_;
  WorkerLife life_;
  bool must_leave_ = false;  ///< it holds too much memory
  bool is_over_ = false;
  std::unordered_map<std::uint64_t, LoadedCallable> functions_;
  std::unordered_map<std::uint64_t, Thrown> refused_;  ///< could not be loaded
  std::unordered_map<std::uint64_t, detail::SharedReference> shared_;
  std::uint64_t next_sequence_ = 0;
  std::uint64_t next_item_ = 0;  ///< 1 + the item of a map that the next call is of; 0: of none
  Bytes result_;

  std::chrono::nanoseconds busy_{0};
  std::uint64_t busy_calls_ = 0;
  Clock::time_point burst_start_;
  std::uint64_t burst_calls_ = 0;  ///< since burst_start_
  std::uint64_t calls_between_looks_ = 1;
};

}  // namespace

void run_worker(os::WorkerStart start) {
  ::on_exit(leave_at_exit, nullptr);
  os::keep_freed_memory();
  auto channel = transport::WorkerEnd::open(start.request_memory, start.reply_memory,
                                            os::Doorbell(std::move(start.doorbell)),
                                            os::ControlSocket(std::move(start.handover)));
  if (!channel) {
    std::fprintf(stderr, "bulkhead: a worker cannot start: %s\n",
                 channel.error().message().c_str());
    ::_exit(1);
  }
  os::record_crash_in((*channel)->black_box());
  detail::phase_mark = &(*channel)->phase();
  detail::item_mark = &(*channel)->item();
  Worker(**channel).run();
  leave_at_exit(0, nullptr);
}

}  // namespace bulkhead::executors
