#!/usr/bin/env python3
"""The data set that `bulkhead dataset` makes of real photos, as Python's tarfile, NumPy and Pillow see it.

Usage: dataset_readers.py PROGRAM DATA. Exit status 77: skipped, for want of the data or of a module.
"""
import csv
import io
import json
import pathlib
import subprocess
import sys
import tarfile
import tempfile

SKIPPED = 77
SIZE, SHORTER_SIDE = 224, 256


def skip(reason):
    print("skipped:", reason)
    sys.exit(SKIPPED)


try:
    import numpy
    from PIL import Image
except ImportError as missing:
    skip(missing)


def by_pillow(path):
    """The sample, made by Pillow from all pixels: the shorter side 256, 224 x 224 out of the middle."""
    photo = Image.open(path).convert("RGB")
    scale = SHORTER_SIDE / min(photo.size)
    width, height = (round(side * scale) for side in photo.size)
    left, top = (width - SIZE) // 2, (height - SIZE) // 2
    return numpy.asarray(photo.resize((width, height), Image.BICUBIC).crop((left, top, left + SIZE, top + SIZE)))


def check_pixels(rows, images):
    worst_mean = worst = 0
    for row in rows:
        difference = numpy.abs(images[row["split"]][int(row["row"])].astype(int) - by_pillow(row["source"]))
        worst_mean, worst = max(worst_mean, difference.mean()), max(worst, difference.max())
    print(f"of Pillow's pixels: mean {worst_mean:.3f} and {worst} of 255 at most")
    assert worst_mean <= 1.0 and worst <= 8, (worst_mean, worst)


def check_archives(out, rows, classes):
    found = {}
    for path in sorted(out.glob("*.tar")):
        with tarfile.open(path) as archive:
            members = archive.getmembers()
            assert all(member.mtime == 0 and member.uid == 0 and member.mode == 0o444 for member in members)
            assert len(members) > 0 and len(members) % 2 == 0, path
            for image, label in zip(members[::2], members[1::2]):
                key, kind = image.name.split(".")
                assert kind == "jpg" and label.name == f"{key}.cls" and key not in found
                pixels = Image.open(io.BytesIO(archive.extractfile(image).read()))
                pixels.load()
                assert pixels.size == (SIZE, SIZE) and pixels.mode == "RGB"
                found[key] = (path.name, int(archive.extractfile(label).read()))
    assert found == {row["key"]: (row["shard"], classes[row["label"]]) for row in rows}


def check_folders(out, rows):
    found = {str(path.relative_to(out)) for path in out.rglob("*.jpg")}
    assert found == {row["file"] for row in rows}
    assert all(row["file"].startswith(f"{row['split']}/{row['label']}/") for row in rows)


def check_statistics(out, images):
    statistics = json.loads((out / "stats.json").read_text())
    for split, pixels in images.items():
        told = statistics["splits"][split]
        values = pixels.reshape(-1, 3) / 255
        assert numpy.allclose(told["mean"], values.mean(axis=0)), split
        assert numpy.allclose(told["std"], values.std(axis=0)), split


def main():
    program, data = sys.argv[1], pathlib.Path(sys.argv[2]) / "classes"
    if not data.exists():
        skip(f"{data} is not there")
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "out"
        subprocess.run([program, "dataset", "--quiet", "--verify", data, "-o", out, "--to", "folder", "--to", "webdataset",
                        "--to", "npy", "--shard", "50", "--split", "train=.8,val=.1,test=.1"], check=True)
        rows = list(csv.DictReader((out / "manifest.csv").open(newline="")))
        classes = json.loads((out / "classes.json").read_text())
        assert len(rows) == 200 and list(classes.values()) == [0, 1, 2, 3, 4]
        splits = ("train", "val", "test")
        images = {split: numpy.load(out / f"{split}_images.npy") for split in splits}
        labels = {split: numpy.load(out / f"{split}_labels.npy") for split in splits}
        assert [images[split].shape for split in splits] == [(count, SIZE, SIZE, 3) for count in (160, 20, 20)]
        for split in splits:
            assert numpy.bincount(labels[split]).tolist() == [len(labels[split]) // 5] * 5
        assert all(labels[row["split"]][int(row["row"])] == classes[row["label"]] for row in rows)
        check_archives(out, rows, classes)
        check_folders(out, rows)
        check_statistics(out, images)
        check_pixels(rows, images)


main()
