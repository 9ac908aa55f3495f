"""Samples for machine learning out of a folder of photos, beside Pillow."""
import shutil
import subprocess

import thumbnails
from measuring import CPUS, PYTHON, ROOT, median, ratio, run, summary, working_folder

FORMS = {"jpeg": "folder", "npy": "npy"}


def contenders(build, photos, out, form):
    program = build / "bulkhead"
    found = {f"bulkhead dataset -j{jobs}": [program, "dataset", "--quiet", f"-j{jobs}", photos, "-o", out, "--to", FORMS[form]]
             for jobs in sorted({1, CPUS})}
    if subprocess.run([PYTHON, "-c", "import PIL, numpy"], capture_output=True).returncode == 0:
        found["Pillow, serial"] = [PYTHON, ROOT / "bench/rivals/pillow_dataset.py", photos, out, form]
    else:
        print("left out: Pillow (packages python3-pil, python3-numpy)")
    return found


def measure_form(build, photos, form, rounds):
    out = working_folder(build) / "set"
    commands = contenders(build, photos, out, form)
    runs = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            shutil.rmtree(out, ignore_errors=True)
            result = run(command)
            if number > 0:  # The first round warms the page cache.
                runs[name].append(result)
    return {name: summary(results) for name, results in runs.items()}


def measure(build, count, rounds):
    """Measures and prints; the record for the results and the claims."""
    photos, source = thumbnails.photos(build, count)
    tables = {form: measure_form(build, photos, form, rounds) for form in FORMS}
    shutil.rmtree(working_folder(build))
    claims = {}
    for form, table in tables.items():
        print(f"\n{count} samples of 224 x 224, {form}   wall s   CPU s   photos/CPU s   peak MB of a process")
        for name in table:
            wall, cpu, rss = (median(table, name, key) for key in ("wall_s", "cpu_s", "max_rss_bytes"))
            print(f"  {name:28} {wall:9.3f} {cpu:7.3f} {count / cpu:10.0f} {rss / 1e6:15.1f}")
        claims[f"CPU seconds, Pillow / bulkhead dataset -j1, {form}"] = ratio(
            median(table, "Pillow, serial", "cpu_s"), median(table, "bulkhead dataset -j1", "cpu_s"))
    return {"dataset_photos": {"count": count, "source": source}, "datasets": tables}, claims
