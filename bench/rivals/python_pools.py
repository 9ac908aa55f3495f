"""The questions of bench/pool, put to the process pools of Python.

Usage: python_pools.py concurrent|multiprocessing|joblib QUESTION WORKERS

Each answers in the way that its users are told to use it; where chunks have to be chosen by hand,
both the default and the best of several are measured. Prints one JSON record a figure.
"""
import concurrent.futures
import functools
import json
import math
import multiprocessing
import os
import statistics
import sys
import time


def report(name, value, unit):
    print(json.dumps({"name": name, "value": value, "unit": unit}), flush=True)


def square(x):
    return x * x


def nothing(x=0):
    return x


def burn(seconds):
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass
    return 0


def burn_100_us(_):
    return burn(100e-6)


def at(text, item):
    return text[item]


def size_of(value):
    return len(value)


def make(size):
    return b"x" * size


def die(_=0):
    os.kill(os.getpid(), 9)


class Concurrent:
    """concurrent.futures.ProcessPoolExecutor"""

    def __init__(self, workers):
        self.executor = concurrent.futures.ProcessPoolExecutor(workers)

    def call(self, function, *arguments):
        return self.executor.submit(function, *arguments).result()

    def submit_all(self, function, items):
        futures = [self.executor.submit(function, item) for item in items]
        return [future.result() for future in futures]

    def map(self, function, items, chunk=1):
        return list(self.executor.map(function, items, chunksize=chunk))

    def close(self):
        self.executor.shutdown()


class Multiprocessing:
    """multiprocessing.Pool; its map chooses chunks by itself: a quarter of each worker's share"""

    def __init__(self, workers):
        self.pool = multiprocessing.Pool(workers)

    def call(self, function, *arguments):
        return self.pool.apply_async(function, arguments).get()

    def submit_all(self, function, items):
        results = [self.pool.apply_async(function, (item,)) for item in items]
        return [result.get() for result in results]

    def map(self, function, items, chunk=None):
        return self.pool.map(function, items, chunksize=chunk)

    def close(self):
        self.pool.terminate()
        self.pool.join()


class Joblib:
    """joblib with its process backend loky; batches are sized automatically"""

    def __init__(self, workers):
        import joblib
        self.joblib = joblib
        self.parallel = joblib.Parallel(n_jobs=workers)
        self.parallel.__enter__()

    def call(self, function, *arguments):
        return self.parallel([self.joblib.delayed(function)(*arguments)])[0]

    def submit_all(self, function, items):
        return self.map(function, items)

    def map(self, function, items, chunk="auto"):
        self.parallel.batch_size = chunk
        return self.parallel(self.joblib.delayed(function)(item) for item in items)

    def close(self):
        self.parallel.__exit__(None, None, None)


def round_trip(make_pool, workers):
    pool = make_pool(workers)
    pool.call(square, 1)
    seconds = []
    for i in range(1000):
        start = time.perf_counter()
        pool.call(square, i)
        seconds.append(time.perf_counter() - start)
    seconds.sort()
    report("round_trip_p50", seconds[500], "s")
    report("round_trip_p99", seconds[990], "s")
    pool.close()


def submit_then_wait(make_pool, workers):
    pool = make_pool(workers)
    pool.call(square, 1)
    tasks = 10_000
    start = time.perf_counter()
    pool.submit_all(square, range(tasks))
    report("submit_then_wait", tasks / (time.perf_counter() - start), "tasks/s")
    pool.close()


def map_integers(make_pool, workers):
    pool = make_pool(workers)
    pool.call(square, 1)
    start = time.perf_counter()
    pool.map(square, range(5_000))
    report("map_integers", 5_000 / (time.perf_counter() - start), "items/s")
    best = 0
    for chunk in (1_000, 10_000, 100_000):
        start = time.perf_counter()
        pool.map(square, range(1_000_000), chunk)
        best = max(best, 1_000_000 / (time.perf_counter() - start))
    report("map_integers_best_chunk", best, "items/s")
    pool.close()


def short_tasks(make_pool, workers):
    pool = make_pool(workers)
    pool.map(nothing, range(100))
    items = 10_000
    best = 0
    for chunk in (1, 100):
        start = time.perf_counter()
        pool.map(burn_100_us, range(items), chunk)
        best = max(best, items * 100e-6 / workers / (time.perf_counter() - start))
    report("short_tasks_efficiency", best, "of ideal")
    pool.close()


def heavy_tailed(count, median):
    """The run times of measuring.cc."""
    normal = statistics.NormalDist()
    times = [median * math.exp(2 * normal.inv_cdf((i + 0.5) / count)) for i in range(count)]
    state = 1
    for i in range(count - 1, 0, -1):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        j = (state >> 33) % (i + 1)
        times[i], times[j] = times[j], times[i]
    return times


def makespan(name, pool, times, workers):
    start = time.perf_counter()
    pool.map(burn, times)
    took = time.perf_counter() - start
    report(name, took / max(max(times), sum(times) / workers), "of ideal")
    pool.close()


def heavy_tail(make_pool, workers):
    pool = make_pool(workers)
    pool.call(nothing)
    makespan("heavy_tail_makespan", pool, heavy_tailed(1000 * workers, 100e-6), workers)


def straggler(make_pool, workers):
    pool = make_pool(workers)
    pool.call(nothing)
    makespan("straggler_makespan", pool, [0.5] + [1e-3] * 999, workers)


def memcpy_bytes_per_second(size):
    source, target = bytearray(size), bytearray(size)
    rounds = max(3, 2**28 // size)
    start = time.perf_counter()
    for _ in range(rounds):
        target[:] = source
    return size * rounds / (time.perf_counter() - start)


def large_values(make_pool, workers):
    pool = make_pool(workers)
    pool.call(nothing)
    size = 1024
    while size <= 2**30:
        value = b"v" * size
        rounds = max(2, min(200, 2**24 // size))
        for name, call in (("argument", lambda: pool.call(size_of, value)), ("result", lambda: pool.call(make, size))):
            call()
            start = time.perf_counter()
            for _ in range(rounds):
                call()
            speed = size * rounds / (time.perf_counter() - start)
            report(f"{name}_{size >> 10}_kib", speed / memcpy_bytes_per_second(size), "of memcpy")
        size *= 32
    pool.close()


def captured_object(make_pool, workers):
    pool = make_pool(workers)
    pool.call(nothing)
    text = b"x" * 10_000_000
    items = 200
    start = time.perf_counter()
    pool.map(functools.partial(at, text), range(items))
    report("captured_object", items / (time.perf_counter() - start), "items/s")
    pool.close()


def first_result(make_pool, workers):
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        pool = make_pool(workers)
        pool.call(nothing)
        seconds.append(time.perf_counter() - start)
        pool.close()
    report("first_result", statistics.median(seconds), "s")


def crashes(make_pool, workers):
    """From a crash to the next result: only with a new pool, for concurrent.futures."""
    seconds = []
    for _ in range(5):
        pool = make_pool(1)
        pool.call(nothing)
        start = time.perf_counter()
        try:
            pool.call(die)
        except concurrent.futures.process.BrokenProcessPool:
            pass
        pool.close()
        pool = make_pool(1)
        pool.call(nothing)
        seconds.append(time.perf_counter() - start)
        pool.close()
    report("crash_to_next_result", statistics.median(seconds), "s")


CONTENDERS = {"concurrent": Concurrent, "multiprocessing": Multiprocessing, "joblib": Joblib}
QUESTIONS = {question.__name__: question for question in (
    round_trip, submit_then_wait, map_integers, short_tasks, heavy_tail, large_values,
    captured_object, first_result, crashes, straggler)}

if __name__ == "__main__":
    QUESTIONS[sys.argv[2]](CONTENDERS[sys.argv[1]], int(sys.argv[3]))
