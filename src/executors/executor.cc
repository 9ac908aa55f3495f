#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>

#include <bulkhead/executor.h>

#include "executors/backend.h"
#include "executors/groups_input.h"
#include "executors/map_state.h"

namespace bulkhead {

namespace detail {

namespace {
/// Throws std::invalid_argument.
void check(const TaskOptions& options) {
  const auto check_time = [](const char* name, std::chrono::nanoseconds time) {
    if (time < time.zero()) {
      throw std::invalid_argument(std::string(name) + ": a time is not negative");
    }
  };
  check_time("timeout", options.timeout);
  check_time("grace", options.grace);
  check_time("retry_delay", options.retry_delay);
  if (!(options.relative_timeout >= 0)) {  // A NaN is not, either.
    throw std::invalid_argument("relative_timeout: a factor is not negative");
  }
}
}  // namespace

std::shared_ptr<FutureState> submit(Backend& backend, PackedCallable callable, Bytes arguments,
                                    TaskOptions options) {
  check(options);
  return backend.submit(backend.define(std::move(callable)), std::move(arguments),
                        std::move(options));
}

std::unique_ptr<MapState, MapStateDeleter> start_map(std::shared_ptr<Backend> backend,
                                                     PackedCallable callable,
                                                     std::unique_ptr<MapInput> input,
                                                     MapOptions options) {
  if (options.buffersize == 0 || options.timeout < options.timeout.zero()) {
    throw std::invalid_argument("a map needs a buffersize from 1 and no negative timeout");
  }
  check(options.each);
  auto function = backend->define(std::move(callable));
  std::unique_ptr<MapState, MapStateDeleter> state(
      new MapState(std::move(backend), std::move(function), std::move(input), options));
  state->start();
  return state;
}

std::unique_ptr<MapState, MapStateDeleter> start_map_reduce(std::shared_ptr<Backend> backend,
                                                            PackedCallable callable,
                                                            std::unique_ptr<MapInput> items,
                                                            MapOptions options) {
  auto groups =
      std::make_unique<GroupsInput>(std::move(items), std::exchange(options.chunksize, 0));
  return start_map(std::move(backend), std::move(callable), std::move(groups), options);
}

}  // namespace detail

void Executor::shutdown(ShutdownOptions options) {
  backend_->shutdown(options);
}

}  // namespace bulkhead
