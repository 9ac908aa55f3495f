#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace bulkhead {

/// How far the workers of a pool are locked in: what a task can still do, or whoever has taken it
/// over through a hole in a decoder. A worker locks itself in after its initializer, which can load
/// what the tasks need, and for good; the finalizer runs locked in, too. docs/security.md says what
/// is promised, and what is not.
///
/// In Default and Strict a task starts no process, no program and no pool, reaches no other process
/// and no network, and has no core dump, no new privileges and none of root's. A system call that
/// no honest task makes by habit ends it: WorkerCrashed by SIGSYS, whose failure names the call.
/// The initializer must not leave a thread behind, which would not be locked in.
enum class Sandbox : std::uint8_t {
  /// The process alone: its crash, leak or hang is its own, but it may do all that its user may.
  None,
  /// For tasks that work with files: they open every file that their user may read, and write in
  /// PoolOptions::writable only. A socket is refused with EACCES. Where the kernel lacks a layer
  /// the pool starts without, and isolation() says so.
  Default,
  /// For tasks that turn bytes into bytes: they open nothing, load nothing, and make no memory
  /// executable; arguments, Shared values and results are all they have. What they print is
  /// dropped. Where the kernel lacks a layer the pool does not start: StartError.
  Strict,
};

/// One mechanism that keeps a worker in.
struct IsolationLayer {
  std::string name;  ///< "Landlock"
  bool is_on = false;
  std::string detail;  ///< what it does, or why it is not on
};

/// All layers, from the outermost on, as they are or would be for the workers of a pool.
struct Isolation {
  Sandbox sandbox = Sandbox::None;
  std::vector<IsolationLayer> layers{};

  /// Every layer is on that the profile asks for.
  bool is_complete() const noexcept { return missing().empty(); }
  /// The layers that the profile asks for and that are not on: "Landlock: this kernel has none".
  std::string missing() const;
};

/// What a pool with this profile would have here.
Isolation available_isolation(Sandbox sandbox);

}  // namespace bulkhead
