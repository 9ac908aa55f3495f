"""Decoding at 1/8 to 4/8 of the size: thumbjpeg beside libjpeg-turbo, in turn in one process."""
import shutil
import subprocess

from measuring import ROOT, ratio, records, working_folder


def progressive_copies(folder, source):
    folder.mkdir(parents=True)
    for path in sorted(source.glob("*.jpg")):
        subprocess.run(["jpegtran", "-copy", "none", "-progressive", "-outfile", folder / path.name, path], check=True)
    return folder


def folders(build, work):
    """Name -> folder of JPEGs."""
    shared = ROOT / "../shared/data"
    if not (shared / "photos").exists():
        generated = work / "generated"
        generated.mkdir(parents=True)
        subprocess.run([build / "tests/photos/make_photos", "40", generated], check=True)
        return {"generated photos": generated}
    found = {"photos": shared / "photos", "camera files": shared / "camera"}
    if shutil.which("jpegtran"):
        found["progressive camera files"] = progressive_copies(work / "progressive", shared / "camera")
    else:
        print("left out: progressive files (package libjpeg-turbo-progs)")
    return found


def measure(build, rounds):
    """Measures and prints; the record for the results and the claims."""
    work = working_folder(build).with_name("bulkhead-bench-jpeg")
    shutil.rmtree(work, ignore_errors=True)
    table, said = {}, {}
    for what, folder in folders(build, work).items():
        figures = records([build / "bench/jpeg_bench", str(rounds), folder])
        table[what] = figures
        print(f"\n{what:26} files  refused  thumbjpeg s  libjpeg-turbo s")
        for scale in ("1/8", "2/8", "3/8", "4/8"):
            ours, theirs = (figures.get(f"{scale} {name}") for name in ("thumbjpeg", "libjpeg-turbo"))
            print(f"  {scale:24} {figures[f'{scale} files']:5.0f} {figures[f'{scale} refused']:8.0f}", end="")
            print(f" {ours:12.4f} {theirs:16.4f}" if ours else "")
            if ours:
                said[f"decoding {what} at {scale}, libjpeg-turbo / thumbjpeg"] = ratio(theirs, ours)
    shutil.rmtree(work, ignore_errors=True)
    return {"jpeg": table}, said
