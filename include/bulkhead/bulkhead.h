#pragma once

/// bulkhead: process pools for C++. This header is all of it.
///
///   bulkhead::ProcessPoolExecutor executor;  // one worker process per usable CPU
///   for (auto&& thumbnail : executor.map(make_thumbnail, photos)) {  // in the order of the photos
///     print_line(thumbnail);
///   }

#include <bulkhead/codec.h>
#include <bulkhead/collect.h>
#include <bulkhead/error.h>
#include <bulkhead/exception_types.h>
#include <bulkhead/executor.h>
#include <bulkhead/expected.h>
#include <bulkhead/future.h>
#include <bulkhead/inherited.h>
#include <bulkhead/inline_executor.h>
#include <bulkhead/map.h>
#include <bulkhead/map_progress.h>
#include <bulkhead/open_file.h>
#include <bulkhead/options.h>
#include <bulkhead/partial.h>
#include <bulkhead/process_pool_executor.h>
#include <bulkhead/sandbox.h>
#include <bulkhead/shared.h>
#include <bulkhead/this_task.h>
#include <bulkhead/this_worker.h>
#include <bulkhead/wait.h>
#include <bulkhead/worker_hook.h>
#include <bulkhead/zip.h>
