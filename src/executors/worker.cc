#include "executors/worker.h"

#include <cxxabi.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "executors/sent_function.h"
#include "executors/shared_values.h"
#include "executors/task_title.h"
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
        functions_.insert_or_assign(frame.value, SentFunction(channel_.take_payload(frame)));
        return;
      case FrameKind::Forget:
        functions_.erase(frame.value);
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
      case FrameKind::Name:
        name_tasks(frame.payload);
        return;
      case FrameKind::Setup:
        set_up(frame);
        return;
      case FrameKind::Share:
        share(frame.value, detail::adopt_shared_memory);
        return;
      case FrameKind::File:
        share(frame.value, detail::adopt_shared_file);
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

  void name_tasks(std::span<const std::byte> name) {
    title_.set_task(life_.settings().name,
                    std::string(reinterpret_cast<const char*>(name.data()), name.size()));
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
  void share(std::uint64_t number, detail::SharedReference (*adopt)(std::uint64_t, os::UniqueFd)) {
    auto descriptor = channel_.take_descriptor(number);
    if (!descriptor) {
      return;
    }
    try {
      shared_[number] = adopt(number, std::move(*descriptor));
    } catch (const SerializationError&) {
      shared_.erase(number);
    }
  }

  void call_all(const Frame& frame) {
    SentFunction& function = functions_.at(frame.value);  // Its definition came before it.
    const bool timed = frame.kind == FrameKind::TimedCall;
    const std::size_t each = frame.payload.size() / frame.count;
    channel_.announce_if_last();
    title_.on_work();
    for (std::size_t i = 0; i < frame.count && !must_leave_; ++i) {
      channel_.item().store(next_item_, std::memory_order_relaxed);
      next_item_ += next_item_ == 0 ? 0 : 1;
      if (!channel_.claim(next_sequence_++, timed)) {
        channel_.send(FrameKind::Skipped, {});
      } else {
        call(function, frame.payload.subspan(i * each, each), timed);
      }
    }
    channel_.announce();
  }

  void call(SentFunction& function, std::span<const std::byte> arguments, bool timed) {
    if (burst_calls_++ == 0) {
      burst_start_ = Clock::now();
    }
    task_.begin(next_sequence_ - 1, timed);
    result_.clear();
    Encoder out(channel_.room_for_result(), result_);
    auto thrown = run(function, arguments, out);
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

  // Forced unwinding gives the handler no object, see run_guarded.
  __attribute__((no_sanitize("undefined"))) std::optional<Thrown> run(
      SentFunction& function, std::span<const std::byte> arguments, Encoder& result) {
    try {
      return function.call(arguments, result);
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
    title_.on_rest();
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
  TaskTitle title_;
  bool must_leave_ = false;  ///< it holds too much memory
  bool is_over_ = false;
  std::unordered_map<std::uint64_t, SentFunction> functions_;
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
