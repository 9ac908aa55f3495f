"""The questions of bench/library_bench.cc, put to CPython's ProcessPoolExecutor."""
import concurrent.futures
import json
import sys
import time


def square(x):
    return x * x


def report(name, value, unit):
    print(json.dumps({"name": name, "value": value, "unit": unit}), flush=True)


def main(workers):
    start = time.perf_counter()
    executor = concurrent.futures.ProcessPoolExecutor(workers)
    executor.submit(square, 1).result()
    report("first_result", time.perf_counter() - start, "s")

    calls = 500
    start = time.perf_counter()
    for i in range(calls):
        executor.submit(square, i).result()
    report("round_trip", (time.perf_counter() - start) / calls, "s")

    for name, items, chunk in (("map_default", 5_000, 1), ("map_best_chunk", 1_000_000, 10_000)):
        start = time.perf_counter()
        total = sum(executor.map(square, range(items), chunksize=chunk))
        report(name, items / (time.perf_counter() - start), "items/s")
        assert total == sum(x * x for x in range(items))
    executor.shutdown()


if __name__ == "__main__":
    main(int(sys.argv[1]))
