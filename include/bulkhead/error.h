#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <bulkhead/expected.h>

namespace bulkhead {

/// Why a task has no value.
enum class FailureKind : std::uint8_t {
  Exception,      ///< the function threw
  Crashed,        ///< a signal killed the worker while it ran the task
  Exited,         ///< the function ended its process (exit, _exit, pthread_exit)
  TimedOut,       ///< the run was stopped at TaskOptions::timeout
  Cancelled,      ///< it was never started and never will be; or Future::kill() stopped it
  Serialization,  ///< the result or the exception could not be carried over
  Broken,         ///< no worker process can be kept alive
};

/// One exception as it was in the worker.
struct RemoteWhat {
  std::string type;                ///< demangled dynamic type, "std::invalid_argument"
  std::string message;             ///< what(), at most 64 KiB
  int code = 0;                    ///< of a std::system_error
  std::string category{};          ///< name of its category; empty for other types
  std::vector<std::byte> value{};  ///< of a type that is rebuilt from more than its message
};

/// What a worker does for one task, in this order.
enum class TaskPhase : std::uint8_t {
  None,        ///< nothing, or it is not known
  Initialise,  ///< the worker is being made ready for its first task
  Decode,      ///< the arguments are built from their bytes, before the first call also what is
               ///< bound to the function
  Run,         ///< the function itself; also the others where the types are so plain that only it
               ///< can fail
  Encode,      ///< the result is turned into bytes
  Destroy,     ///< the arguments and the result are destroyed; the task is not over before that
};

/// A place in the code of a worker, before it has a name: which module, and how far from its base.
struct CodePlace {
  std::uint64_t module = 0;
  std::uint64_t offset = 0;
};

/// A place in the code. `addr2line -e MODULE OFFSET` tells the line of the source.
struct StackFrame {
  std::string module;        ///< the file of the program or library; empty: not loaded here
  std::uint64_t offset = 0;  ///< from the module's base
  std::string function;      ///< demangled; empty if the file was stripped of it
};

/// What a failure left behind for those who look for its cause. The stack and the address are the
/// word of a process that was broken: for people to read, not for programs to decide by.
struct Evidence {
  std::optional<std::uint64_t> address{};  ///< whose access failed; none of a signal that was sent
  std::vector<CodePlace> places{};         ///< the stack, see Failure::stack
  bool core_dumped = false;
  /// SIGKILL came from outside of the pool, and in the worker's time the kernel had counted another
  /// process of its control group that it killed for want of memory: most likely this one. Never
  /// where the kernel keeps no such count (oom_kill of memory.events or memory.oom_control).
  bool out_of_memory = false;
  std::chrono::nanoseconds cpu_time{0};  ///< user and system, of the worker in all its life
  std::uint64_t max_rss_bytes = 0;       ///< the most memory it ever held; 0: not known
};

/// A task's failure as a value: cheap to copy, tells everything, throws nothing by itself.
struct Failure {
  FailureKind kind = FailureKind::Exception;
  std::string name{};                    ///< of the task, TaskOptions::name
  TaskPhase phase = TaskPhase::None;     ///< what was being done for the task
  std::vector<RemoteWhat> exceptions{};  ///< Exception: the one thrown, then those nested in it
  int signal = 0;                        ///< Crashed: number of the signal
  int exit_status = 0;                   ///< Exited: the status
  std::chrono::nanoseconds limit{0};     ///< TimedOut: the limit that was passed
  std::chrono::nanoseconds elapsed{0};   ///< TimedOut: how long the run took until it was ended
  int pid = 0;                           ///< the worker process; 0: none ran it
  unsigned attempts = 0;                 ///< how often the task was started
  std::optional<std::uint64_t> index{};  ///< position in the input of a map
  /// That item of a map as `<<` prints it, of several inputs one behind the other, on one line and
  /// of 1000 bytes at most; what cannot be printed is a `?`. Empty: of no map, or of a map_reduce.
  std::string input{};
  /// Serialization, Broken: the reason. Crashed: that of std::terminate, or what is known of who
  /// killed it. TimedOut: of several that were waited for, how many were not done.
  std::string detail{};
  std::shared_ptr<const Evidence> evidence{};  ///< of a dead worker or a throw; null: none
  std::vector<Failure> earlier{};  ///< how the runs before the last failed, oldest first

  /// One line without the input's name: "killed by SIGSEGV (worker 4711)"; "scan: timed out after
  /// 2 s" of a task named scan.
  std::string message() const;

  /// Where the exception was thrown, or where the worker was when it died of a fault or an abort;
  /// innermost first, down to the function that was submitted; empty: not known. Reads the symbols
  /// of the program's and its libraries' files at each call, which takes milliseconds; nothing is
  /// translated before.
  std::vector<StackFrame> stack() const;

  /// The message, and a line each for the item, for the address, for what the worker used, for the
  /// places of the stack; ends with a new line.
  std::string report() const;

  /// Throws the exception of this header, or of the standard library, that stands for it:
  /// Exception: Remote<E> for the standard exception types E and those that ExceptionTypes names
  /// (exception_types.h), RemoteException for all others. std::rethrow_if_nested finds the
  /// exceptions that were nested in it.
  [[noreturn]] void raise() const;
};

/// A value, or the failure that stands in its place.
template <class T>
using Outcome = Expected<T, Failure>;

/// Base of all errors that this library throws about tasks and executors.
struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Base of the errors that concern one task.
struct TaskError : Error {
  explicit TaskError(Failure of) : Error(of.message()), failure(std::move(of)) {}
  Failure failure;
};

/// The function threw something that cannot be rebuilt here; failure.exceptions tells what.
struct RemoteException : TaskError {
  using TaskError::TaskError;
};
/// A signal killed the worker while it ran the task.
struct WorkerCrashed : TaskError {
  using TaskError::TaskError;
};
/// The function ended its worker process.
struct WorkerExited : TaskError {
  using TaskError::TaskError;
};
/// The run was stopped at its limit, or a wait ended before the task did.
struct TimeoutError : TaskError {
  using TaskError::TaskError;
};
/// The task was cancelled before it was started (failure.attempts is 0), or killed.
struct CancelledError : TaskError {
  using TaskError::TaskError;
};
/// A value could not be encoded, or its bytes could not be decoded.
struct SerializationError : TaskError {
  using TaskError::TaskError;
  explicit SerializationError(std::string detail)
      : TaskError(Failure{.kind = FailureKind::Serialization, .detail = std::move(detail)}) {}
};
/// No worker process can be kept alive: they die before they run anything.
struct BrokenProcessPool : TaskError {
  using TaskError::TaskError;
};

/// submit() or map() after shutdown().
struct ShutdownError : Error {
  using Error::Error;
};
/// The fork server or the operating system refused what a pool needs to start.
struct StartError : Error {
  using Error::Error;
};
/// The process already has threads, so forking it would copy locks that nobody will ever release.
/// Create the pool before the first thread, or call bulkhead::init() in main and use
/// StartMethod::Spawn.
struct UnsafeFork : std::logic_error {
  using std::logic_error::logic_error;
};
/// An executor, a future or a map was used in another process than the one that made it, a worker
/// most likely; or what is only for workers elsewhere.
struct WrongProcess : std::logic_error {
  using std::logic_error::logic_error;
};
/// The function object captured an address on the caller's stack, which means nothing in a worker.
struct UnsafeCapture : std::logic_error {
  using std::logic_error::logic_error;
};

/// An exception of the standard library that was thrown in a worker: `catch (const
/// std::invalid_argument&)` works as if it had been thrown here, and the failure says the rest.
template <class E>
struct Remote : E {
  Remote(E thrown, Failure of) : E(std::move(thrown)), failure(std::move(of)) {}
  Failure failure;  // NOLINT(misc-non-private-member-variables-in-classes)
};

}  // namespace bulkhead
