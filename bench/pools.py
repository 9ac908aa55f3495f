"""The questions of bench/pool, put to our pool and to those of others."""
import shutil
import subprocess
import time

from measuring import CPUS, PYTHON, ROOT, median, ratio, records, summary

QUESTIONS = ("round_trip", "submit_then_wait", "map_integers", "short_tasks", "heavy_tail",
             "large_values", "captured_object", "first_result", "crashes", "timeouts", "memory",
             "straggler", "kill_busy_workers", "commands")
OF_THREADS = ("round_trip", "submit_then_wait", "map_integers", "short_tasks", "heavy_tail")
OF_PYTHON = ("round_trip", "submit_then_wait", "map_integers", "short_tasks", "heavy_tail",
             "large_values", "captured_object", "first_result", "straggler")


def has_module(name):
    return subprocess.run([PYTHON, "-c", f"import {name}"], capture_output=True).returncode == 0


def contenders(build):
    """Name -> (command to which a question and the number of workers are appended, its questions)."""
    rival = [PYTHON, ROOT / "bench/rivals/python_pools.py"]
    found = {"bulkhead": ([build / "bench/pool_bench"], QUESTIONS),
             "concurrent.futures": ([*rival, "concurrent"], (*OF_PYTHON, "crashes")),
             "multiprocessing.Pool": ([*rival, "multiprocessing"], OF_PYTHON)}
    if has_module("joblib"):
        found["joblib"] = ([*rival, "joblib"], OF_PYTHON)
    else:
        print("left out: joblib (package python3-joblib)")
    if (build / "bench/tbb_threads").exists():
        found["oneTBB threads"] = ([build / "bench/tbb_threads"], OF_THREADS)
    else:
        print("left out: oneTBB (package libtbb-dev)")
    return found


def commands_per_second(command, count):
    start = time.perf_counter()
    lines = "\n".join(map(str, range(count)))
    subprocess.run(command, input=lines, text=True, check=True, stdout=subprocess.DEVNULL)
    return {"commands": count / (time.perf_counter() - start)}


def shell_tools():
    """Name -> (command that runs `true` for each line of its input, how many times)."""
    found = {"xargs": (["xargs", "-n1", f"-P{CPUS}", "true"], 2000)}
    if shutil.which("parallel"):
        found["GNU parallel"] = (["parallel", f"-j{CPUS}", "true"], 500)
    else:
        print("left out: GNU parallel (package parallel)")
    return found


def measure(build, rounds):
    """Measures and prints; the record for the results and the claims."""
    found, tools = contenders(build), shell_tools()
    runs = {name: [] for name in (*found, *tools)}
    for _ in range(rounds):
        figures = {name: {} for name in runs}
        for question in QUESTIONS:
            for name, (command, questions) in found.items():
                if question in questions:
                    figures[name] |= records([*command, question, str(CPUS)])
        for name, (command, count) in tools.items():
            figures[name] |= commands_per_second(command, count)
        for name in runs:
            runs[name].append(figures[name])
    table = {name: summary(results) for name, results in runs.items()}
    print_table(table)
    return {"pools": table}, claims(table)


def print_table(table):
    names = list(table)
    print("\n" + " " * 42 + "".join(f"{name:>22}" for name in names))
    for figure in dict.fromkeys(figure for name in names for figure in table[name]):
        values = (f"{table[name][figure]['median']:.4g}" if figure in table[name] else "-" for name in names)
        print(f"  {figure:40}" + "".join(f"{value:>22}" for value in values))


def claims(table):
    """What the README says, as ratios of medians of this run."""
    ours = lambda figure: median(table, "bulkhead", figure)
    theirs = lambda figure: median(table, "concurrent.futures", figure)
    return {
        "round trip, ours / CPython's": ratio(ours("round_trip_p50"), theirs("round_trip_p50")),
        "submit then wait, ours / CPython's": ratio(ours("submit_then_wait"), theirs("submit_then_wait")),
        "map, ours / CPython's default": ratio(ours("map_integers"), theirs("map_integers")),
        "map, ours / CPython's best chunksize": ratio(ours("map_integers"), theirs("map_integers_best_chunk")),
        "map, ours / oneTBB threads": ratio(ours("map_integers"), median(table, "oneTBB threads", "map_integers")),
        "items with a captured object, ours / CPython's": ratio(ours("captured_object"), theirs("captured_object")),
        "first result, CPython's / ours": ratio(theirs("first_result"), ours("first_result")),
        "commands, ours / xargs": ratio(ours("commands"), median(table, "xargs", "commands")),
        "commands, ours / GNU parallel": ratio(ours("commands"), median(table, "GNU parallel", "commands")),
    }
