#pragma once

#include "os/fork_server.h"

namespace bulkhead::executors {

/// The life of a worker process: receives requests, runs calls one at a time, replies. Returns when
/// it was told to stop; the process should end then.
void run_worker(os::WorkerStart start);

}  // namespace bulkhead::executors
