#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <bulkhead/codec.h>
#include <bulkhead/options.h>

#include "executors/call.h"
#include "executors/lockdown.h"

namespace bulkhead::executors {

/// How a worker is to be before its first task: the part of PoolOptions that concerns it.
struct WorkerSettings {
  std::uint32_t index = 0;
  std::uint32_t depth = 1;  ///< of nested pools
  std::string name;         ///< of the process
  std::vector<std::string> env;
  std::string working_directory;  ///< empty: that of the program
  std::int32_t nice = 0;
  bool pin = false;
  std::vector<ResourceLimit> limits;
  std::uint64_t soft_memory = 0;
  std::uint64_t hard_memory = 0;
  Lockdown lockdown;
};

/// A hook as it arrived in the worker.
struct ReceivedHook {
  detail::CallableName name = nullptr;  ///< null: nothing is called
  Bytes closure;
  Bytes arguments;

  /// nullopt, or what it threw.
  std::optional<std::vector<RemoteWhat>> run() const;
};

/// The first frame that a worker gets.
struct WorkerSetup {
  WorkerSettings settings;
  ReceivedHook initializer;
  ReceivedHook finalizer;
};

/// The payload of that frame, for the worker with this index.
Bytes encode_setup(const PoolOptions& options, unsigned index, unsigned depth);
/// Throws SerializationError.
WorkerSetup decode_setup(std::span<const std::byte> payload);

}  // namespace bulkhead::executors
