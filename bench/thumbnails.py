"""Thumbnails of a folder of photos, beside the programs that people use for it."""
import os
import shutil
import subprocess

from measuring import CPUS, PYTHON, ROOT, median, ratio, run, summary, working_folder


LARGEST_ALONE, THREE_SIZES = "1600 px", "1600, 512, 128 px"


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


def camera_files(build, copies=4):
    """A folder of whole camera files, or nothing."""
    shared = sorted((ROOT / "../shared/data/camera").glob("*.jpg"))
    if not shared:
        return None
    folder = working_folder(build) / "camera"
    folder.mkdir()
    for number in range(copies):
        for source in shared:
            shutil.copyfile(source, folder / f"{number}{source.name}")
    return folder


def in_another_format(build, photos_folder, suffix, count=200):
    """The first photos as files of another format, written by libvips, or nothing."""
    if not shutil.which("vips"):
        return None
    folder = working_folder(build) / suffix
    folder.mkdir()
    for source in sorted(photos_folder.glob("*.jpg"))[:count]:
        subprocess.run(["vips", "copy", source, folder / f"{source.stem}.{suffix}"], check=True, stderr=subprocess.DEVNULL)
    return folder


def remove_thumbnails(folder):
    for path in folder.glob("*_thumbnail.jpg"):
        path.unlink()
    shutil.rmtree(folder / "thumbnails", ignore_errors=True)
    (folder / "thumbnails").mkdir()


def magick_contenders(names):
    """With the hint that lets libjpeg decode at a smaller scale; stripped, and to another folder."""
    side = "128x128"
    into = {"mogrify": "-path", "gm": "-output-directory"}
    found = {}
    if shutil.which("mogrify"):
        found["ImageMagick"] = ["mogrify", "-define", "jpeg:size=256x256", "-thumbnail", f"{side}>", "-quality", "75",
                                into["mogrify"], "thumbnails", *names]
    else:
        print("left out: ImageMagick (package imagemagick)")
    if shutil.which("gm"):
        found["GraphicsMagick"] = ["gm", "mogrify", "-size", "256x256", "-thumbnail", f"{side}>", "-quality", "75",
                                   "+profile", "*", into["gm"], "thumbnails", *names]
    else:
        print("left out: GraphicsMagick (package graphicsmagick)")
    return found


def contenders(build, folder, suffix="jpg"):
    """Name -> command that makes a thumbnail of each photo of the folder."""
    program = str(build / "bulkhead")
    names = sorted(p.name for p in folder.glob(f"*.{suffix}"))
    found = {"bulkhead -j1": [program, "thumbnails", "-j1", "."]}
    if shutil.which("vipsthumbnail"):
        options = ["--size", "128x128>", "-o", "%s_thumbnail.jpg[Q=75,optimize_coding,strip]"]
        found["vipsthumbnail"] = ["vipsthumbnail", *options, *names]
    else:
        print("left out: vipsthumbnail (package libvips-tools)")
    if suffix != "jpg":
        return found
    found[f"bulkhead -j{CPUS}"] = [program, "thumbnails", f"-j{CPUS}", "."]
    if subprocess.run([PYTHON, "-c", "import PIL"], capture_output=True).returncode == 0:
        rivals = ROOT / "bench/rivals"
        found["Python, serial"] = [PYTHON, rivals / "article_serial.py", folder]
        found[f"Python, pool of {CPUS}"] = [PYTHON, rivals / "article_pool.py", folder, str(CPUS)]
    else:
        print("left out: Pillow (package python3-pil)")
    return found | magick_contenders(names)


def size_contenders(build):
    """One large size, and three of which that is the largest."""
    command = [build / "bulkhead", "thumbnails", "-j1", "-d", "thumbnails", "."]
    return {LARGEST_ALONE: [*command, "-s", "1600"], THREE_SIZES: [*command, "-s", "1600", "-s", "512", "-s", "128"]}


def measure_commands(folder, commands, rounds):
    """CPU time is compared, so all rivals get one thread."""
    environment = dict(os.environ, VIPS_CONCURRENCY="1", OMP_NUM_THREADS="1")
    remove_thumbnails(folder)
    runs = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            remove_thumbnails(folder)
            result = run(command, cwd=folder, env=environment)
            if number > 0:  # The first round warms the page cache.
                runs[name].append(result)
    remove_thumbnails(folder)
    return {name: summary(results) for name, results in runs.items()}


def measure_folder(build, folder, rounds, suffix="jpg"):
    return measure_commands(folder, contenders(build, folder, suffix), rounds)


def measure_start_up(build, folder, rounds):
    """One photo, from the command line to its thumbnail."""
    one = working_folder(build) / "one"
    one.mkdir()
    shutil.copyfile(next(iter(sorted(folder.glob("*.jpg")))), one / "one.jpg")
    return measure_folder(build, one, rounds)


def print_table(table, count, what):
    print(f"\n{f'{count} {what}':40} wall s   CPU s   user s   photos/s   peak MB of a process")
    for name in table:
        wall, cpu, user, rss = (median(table, name, k) for k in ("wall_s", "cpu_s", "user_s", "max_rss_bytes"))
        print(f"  {name:38} {wall:7.3f} {cpu:7.3f} {user:8.3f} {count / wall:10.0f} {rss / 1e6:10.1f}")


def cpu_ratio(table, rival):
    return ratio(median(table, rival, "cpu_s"), median(table, "bulkhead -j1", "cpu_s"))


def claims(table):
    """What the README says, as ratios of medians of this run."""
    one, all_cpus = "bulkhead -j1", f"bulkhead -j{CPUS}"
    serial, pool = "Python, serial", f"Python, pool of {CPUS}"
    get = lambda name, key: median(table, name, key)
    return {
        f"wall, one worker / {CPUS} workers": ratio(get(one, "wall_s"), get(all_cpus, "wall_s")),
        f"user CPU, {CPUS} workers / one": ratio(get(all_cpus, "user_s"), get(one, "user_s")),
        f"wall, Python serial / bulkhead -j{CPUS}": ratio(get(serial, "wall_s"), get(all_cpus, "wall_s")),
        f"wall, Python pool / bulkhead -j{CPUS}": ratio(get(pool, "wall_s"), get(all_cpus, "wall_s")),
    }


def claims_of_cpu(table, what):
    """How many times the CPU seconds of one worker the rivals take."""
    rivals = ("Python, serial", "vipsthumbnail", "ImageMagick", "GraphicsMagick")
    return {f"CPU seconds on {what}, {rival} / one worker": cpu_ratio(table, rival) for rival in rivals if rival in table}


def measure(build, count, rounds):
    """Measures and prints; the record for the results and the claims."""
    folder, source = photos(build, count)
    camera = camera_files(build)
    tables = {"thumbnails": (measure_folder(build, folder, rounds), count, "photos")}
    tables["one_photo"] = (measure_start_up(build, folder, rounds), 1, "photo")
    if camera:
        files = len(list(camera.glob("*.jpg")))
        tables["camera"] = (measure_folder(build, camera, rounds), files, "camera files")
        tables["sizes"] = (measure_commands(camera, size_contenders(build), rounds), files, "camera files, several sizes")
    for suffix in ("png", "webp", "tif"):
        if other := in_another_format(build, folder, suffix):
            files = len(list(other.glob(f"*.{suffix}")))
            tables[suffix] = (measure_folder(build, other, rounds, suffix), files, f"{suffix} files")
    shutil.rmtree(working_folder(build))
    said = claims(tables["thumbnails"][0])
    for name, (table, number, what) in tables.items():
        print_table(table, number, what)
        if name not in ("one_photo", "sizes"):
            said |= claims_of_cpu(table, what)
    if camera:
        cpu = [median(tables["sizes"][0], name, "cpu_s") for name in (THREE_SIZES, LARGEST_ALONE)]
        said["CPU seconds on camera files, three sizes / the largest alone"] = ratio(*cpu)
        peak = median(tables["camera"][0], "bulkhead -j1", "max_rss_bytes")
        said["peak memory of a process on camera files, MB"] = f"{peak / 1e6:.1f}"
    record = {name: table for name, (table, _, _) in tables.items()}
    return {"photos": count, "source_of_photos": source, **record}, said
