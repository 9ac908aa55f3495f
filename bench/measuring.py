"""What the measurements have in common: running contenders, medians, the machine."""
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PYTHON = "/usr/bin/python3"  # Debian's, for which python3-pil and python3-joblib are packaged
CPUS = len(os.sched_getaffinity(0))


def run(command, **more):
    """Runs a command to its end: wall and CPU seconds, peak memory of its largest process."""
    start = time.perf_counter()
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"bench: failed: {' '.join(map(str, command))}")
    return {"wall_s": time.perf_counter() - start, "user_s": usage.ru_utime,
            "cpu_s": usage.ru_utime + usage.ru_stime, "max_rss_bytes": usage.ru_maxrss * 1024}


def records(command):
    """Runs a command that prints one JSON record a figure: {name: value}."""
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {r["name"]: r["value"] for r in map(json.loads, out.splitlines())}


def working_folder(build):
    """In memory where that can be: a disk's file system has moods of its own (ext4 searches long for
    a free inode after many files were deleted), and they are the same for every contender."""
    memory = pathlib.Path("/dev/shm")
    return (memory if os.access(memory, os.W_OK) else build) / "bulkhead-bench"


def summary(results):
    """Median and spread of each figure."""
    return {key: {"median": statistics.median(r[key] for r in results),
                  "min": min(r[key] for r in results), "max": max(r[key] for r in results)}
            for key in results[0]}


def median(table, name, key):
    return table[name][key]["median"] if name in table else None


def ratio(a, b):
    return f"{a / b:.2f}" if a and b else "not measured"


def machine():
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {"cpu": cpu, "usable_cpus": CPUS, "memory_gib": round(memory / 2**30), "kernel": platform.release()}


def commit():
    out = subprocess.run(["git", "-C", ROOT, "describe", "--always", "--dirty"], capture_output=True, text=True)
    return out.stdout.strip()
