#include <stdexcept>

#include <bulkhead/executor.h>

#include "executors/backend.h"
#include "executors/map_state.h"

namespace bulkhead {

namespace detail {

std::shared_ptr<FutureState> submit(Backend& backend, PackedCallable callable, Bytes arguments,
                                    TaskOptions options) {
  return backend.submit(backend.define(std::move(callable)), std::move(arguments), options);
}

std::unique_ptr<MapState, MapStateDeleter> start_map(std::shared_ptr<Backend> backend,
                                                     PackedCallable callable,
                                                     std::unique_ptr<MapInput> input,
                                                     MapOptions options) {
  if (options.buffersize == 0 || options.timeout < options.timeout.zero()) {
    throw std::invalid_argument("a map needs a buffersize from 1 and no negative timeout");
  }
  auto function = backend->define(std::move(callable));
  std::unique_ptr<MapState, MapStateDeleter> state(
      new MapState(std::move(backend), std::move(function), std::move(input), options));
  state->start();
  return state;
}

}  // namespace detail

void Executor::shutdown(ShutdownOptions options) {
  backend_->shutdown(options);
}

}  // namespace bulkhead
