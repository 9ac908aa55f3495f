"""Thumbnails of a folder of photos, beside the programs that people use for it."""
import os
import shutil
import subprocess

from measuring import CPUS, PYTHON, ROOT, median, ratio, run, summary, working_folder


def photos(build, wanted):
    """A folder of the article's 1000 photos: copies of the shared ones, else generated ones."""
    shutil.rmtree(working_folder(build), ignore_errors=True)
    folder = working_folder(build) / "photos"
    folder.mkdir(parents=True)
    shared = sorted((ROOT / "../shared/data/photos").glob("*.jpg"))
    if not shared:
        subprocess.run([build / "tests/photos/make_photos", str(wanted), folder], check=True)
        return folder, "generated"
    for i in range(wanted):
        shutil.copyfile(shared[i % len(shared)], folder / f"{i:05}.jpg")
    return folder, "shared/data/photos"


def remove_thumbnails(folder):
    for path in folder.glob("*_thumbnail.jpg"):
        path.unlink()


def contenders(build, folder):
    """Name -> command that makes a thumbnail of each photo of the folder."""
    program = str(build / "bulkhead")
    found = {"bulkhead -j1": [program, "thumbnails", "-j1", folder],
             f"bulkhead -j{CPUS}": [program, "thumbnails", f"-j{CPUS}", folder]}
    if subprocess.run([PYTHON, "-c", "import PIL"], capture_output=True).returncode == 0:
        rivals = ROOT / "bench/rivals"
        found["Python, serial"] = [PYTHON, rivals / "article_serial.py", folder]
        found[f"Python, pool of {CPUS}"] = [PYTHON, rivals / "article_pool.py", folder, str(CPUS)]
    else:
        print("left out: Pillow (package python3-pil)")
    if shutil.which("vipsthumbnail"):
        names = sorted(p.name for p in folder.glob("*.jpg"))
        options = ["--size", "128x128>", "-o", "%s_thumbnail.jpg[Q=75,optimize_coding]"]
        found["vipsthumbnail"] = ["vipsthumbnail", *options, *names]
    else:
        print("left out: vipsthumbnail (package libvips-tools)")
    return found


def measure_folder(build, folder, rounds):
    environment = dict(os.environ, VIPS_CONCURRENCY="1")
    commands = contenders(build, folder)
    runs = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            remove_thumbnails(folder)
            result = run(command, cwd=folder, env=environment)
            if number > 0:  # The first round warms the page cache.
                runs[name].append(result)
    remove_thumbnails(folder)
    return {name: summary(results) for name, results in runs.items()}


def measure_start_up(build, folder, rounds):
    """One photo, from the command line to its thumbnail."""
    one = working_folder(build) / "one"
    one.mkdir()
    shutil.copyfile(next(iter(sorted(folder.glob("*.jpg")))), one / "one.jpg")
    return measure_folder(build, one, rounds)


def print_table(table, count):
    print(f"\n{count} photos, 128 px        wall s   CPU s   user s   photos/s   peak MB of a process")
    for name in table:
        wall, cpu, user, rss = (median(table, name, k) for k in ("wall_s", "cpu_s", "user_s", "max_rss_bytes"))
        print(f"  {name:22} {wall:7.3f} {cpu:7.3f} {user:8.3f} {count / wall:10.0f} {rss / 1e6:10.1f}")


def claims(table):
    """What the README says, as ratios of medians of this run."""
    one, all_cpus = "bulkhead -j1", f"bulkhead -j{CPUS}"
    serial, pool = "Python, serial", f"Python, pool of {CPUS}"
    get = lambda name, key: median(table, name, key)
    return {
        "CPU seconds, one worker / Python serial": ratio(get(one, "cpu_s"), get(serial, "cpu_s")),
        "CPU seconds, one worker / vipsthumbnail": ratio(get(one, "cpu_s"), get("vipsthumbnail", "cpu_s")),
        f"wall, one worker / {CPUS} workers": ratio(get(one, "wall_s"), get(all_cpus, "wall_s")),
        f"user CPU, {CPUS} workers / one": ratio(get(all_cpus, "user_s"), get(one, "user_s")),
        f"wall, Python serial / bulkhead -j{CPUS}": ratio(get(serial, "wall_s"), get(all_cpus, "wall_s")),
        f"wall, Python pool / bulkhead -j{CPUS}": ratio(get(pool, "wall_s"), get(all_cpus, "wall_s")),
    }


def measure(build, count, rounds):
    """Measures and prints; the record for the results and the claims."""
    folder, source = photos(build, count)
    many = measure_folder(build, folder, rounds)
    one = measure_start_up(build, folder, rounds)
    shutil.rmtree(working_folder(build))
    print_table(many, count)
    print_table(one, 1)
    return {"photos": count, "source_of_photos": source, "thumbnails": many, "one_photo": one}, claims(many)
