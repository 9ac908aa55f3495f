"""How close thumbnails come to the best that their photos can give, beside libvips and Pillow.

The reference is a full decode (libjpeg-turbo's accurate DCT and smooth chroma), then Lanczos of three
lobes in floating point. Pixels are compared before they are encoded: as they come out as PNG, and as
the luma of the short way to a JPEG; then once more as JPEGs of the same quality. Each contender is
compared at the size that it gives, so that a side that is one off costs nothing here.
"""
import functools
import pathlib
import shutil
import statistics
import subprocess
import sys

from measuring import PYTHON, ROOT, working_folder

SIDES = (128, 256, 512)
BOX_OF_SSIM = 11
QUALITY = 75


def install_hint():
    """What is missing for this measurement, or nothing."""
    try:
        import numpy  # noqa: F401
        import PIL  # noqa: F401
    except ImportError as error:
        return f"{error.name} for {PYTHON}"
    missing = [name for name in ("vipsthumbnail", "jpegtran", "djpeg", "cjpeg") if not shutil.which(name)]
    return ", ".join(missing)


# The photos, by subset. All are stripped of metadata, so that orientation and colour profiles, which
# not all contenders heed, make no difference.

def jpegtran(source, target, *options):
    subprocess.run(["jpegtran", "-copy", "none", *options, "-outfile", target, source], check=True)


def subsampled_4_1_1(source, target):
    """Has to be encoded anew: no camera at hand writes it."""
    pixels = subprocess.run(["djpeg", "-ppm", source], check=True, capture_output=True).stdout
    subprocess.run(["cjpeg", "-quality", "92", "-sample", "4x1", "-outfile", target], input=pixels, check=True)


def sampling_of(path):
    """As 4:2:0 and so on; nothing for what is not such a photo."""
    from PIL import Image
    with Image.open(path) as image:
        names = {(1, 1): "4:4:4", (2, 1): "4:2:2", (2, 2): "4:2:0", (1, 2): "4:4:0", (4, 1): "4:1:1"}
        if image.mode == "L":
            return "grey"
        if image.mode != "RGB" or len(image.layer) != 3 or any(part[1:3] != (1, 1) for part in image.layer[1:]):
            return None
        return names.get(image.layer[0][1:3])


def gather(build, folder, count):
    """Copies the photos into the folder and makes those kinds of them that cameras seldom write."""
    shared = ROOT / "../shared/data"
    photos = sorted((shared / "photos").glob("*.jpg"))
    sources = photos[:: max(1, len(photos) // count)] + sorted((shared / "camera").glob("*.jpg"))
    if not sources:
        generated = folder.parent / "generated"
        generated.mkdir()
        subprocess.run([build / "tests/photos/make_photos", str(count), generated], check=True)
        sources = sorted(generated.glob("*.jpg"))
    for number, source in enumerate(sources):
        if sampling_of(source) is None:
            continue
        name = f"{number:04}"
        jpegtran(source, folder / f"{name}.jpg")
        is_large = source.stat().st_size > 400_000
        if is_large or number % 8 == 0:
            jpegtran(source, folder / f"{name}-progressive.jpg", "-progressive")
        if is_large and sampling_of(source) == "4:2:2":
            jpegtran(source, folder / f"{name}-440.jpg", "-rotate", "90", "-trim")
        if is_large and number % 2 == 0:
            subsampled_4_1_1(source, folder / f"{name}-411.jpg")


def subsets(path):
    """The subsets that a photo belongs to."""
    from PIL import Image
    with Image.open(path) as image:
        is_whole = image.width % 8 == 0 and image.height % 8 == 0
        found = ["all", "whole blocks" if is_whole else "sides not multiples of 8", sampling_of(path)]
        return found + (["progressive"] if image.info.get("progressive") else [])


# The contenders: photo -> file with its pixels, or with its JPEG.

def make_with_bulkhead(build, photos, side, out, options, suffix):
    command = [build / "bulkhead", "thumbnails", "-q", str(QUALITY), "-s", str(side), "-o", "{stem}" + suffix, "-d", out]
    subprocess.run([*command, *options, photos], check=True, stdout=subprocess.DEVNULL)


def make_with_vips(_, photos, side, out, options, suffix):
    encoding = "" if suffix == ".png" else f"[Q={QUALITY},optimize_coding,strip]"
    command = ["vipsthumbnail", "--size", f"{side}x{side}>", "-o", f"{out}/%s{suffix}{encoding}", *options]
    subprocess.run([*command, *sorted(photos.glob("*.jpg"))], check=True)


def make_with_pillow(_, photos, side, out, options, suffix):
    from PIL import Image
    for path in photos.glob("*.jpg"):
        image = Image.open(path)
        image.thumbnail((side, side))
        encode_with_pillow(image, out / f"{path.stem}{suffix}")


def encode_with_pillow(image, path):
    encoding = {} if path.suffix == ".png" else {"quality": QUALITY, "optimize": True, "subsampling": 2}
    image.save(path, **encoding)


def make_luma(build, photos, side, out, options, suffix):
    subprocess.run([build / "bench/small_luma", str(side), photos, out], check=True)


PROGRAMS = {"bulkhead": make_with_bulkhead, "vipsthumbnail": make_with_vips, "Pillow": make_with_pillow}
RIVALS = ("vipsthumbnail", "Pillow")
SHORT_WAY = "bulkhead, luma"


# The measures.

def to_light(values):
    import numpy
    values = values / 255
    return numpy.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def from_light(light):
    import numpy
    light = numpy.clip(light, 0, 1)
    return 255 * numpy.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)


@functools.lru_cache(maxsize=2)
def decoded(path, is_linear):
    """The pixels of a photo, of which each set of thumbnails needs those of the one before."""
    import numpy
    from PIL import Image
    pixels = numpy.asarray(Image.open(path).convert("RGB"), dtype=numpy.float32)
    return to_light(pixels).astype(numpy.float32) if is_linear else pixels


class Reference:
    """One photo, decoded in full, and what it gives at any size."""

    def __init__(self, path, is_linear):
        self.path = path
        self.is_linear = is_linear
        self.made = {}

    def usual_size(self, side):
        """What the photo is to become within a square of that side."""
        from PIL import Image
        with Image.open(self.path) as image:
            scale = min(1, side / max(image.size))
            return tuple(max(1, int(length * scale + 0.5)) for length in image.size)

    def resized(self, size):
        """What is wanted later is made along with the first: to decode the photo takes longest."""
        if not self.made:
            for side in SIDES:
                self.make(self.usual_size(side))
        if size not in self.made:
            self.make(size)
        return self.made[size]

    def make(self, size):
        """Pillow's resampler of floating point: each channel by itself, nothing done before."""
        import numpy
        from PIL import Image
        source = decoded(self.path, self.is_linear)
        channels = [Image.fromarray(numpy.ascontiguousarray(source[:, :, c])) for c in range(3)]
        result = numpy.dstack([numpy.asarray(c.resize(size, Image.LANCZOS)) for c in channels])
        self.made[size] = from_light(result) if self.is_linear else numpy.clip(result, 0, 255)


@functools.cache
def reference_of(path, is_linear):
    return Reference(path, is_linear)


def luma(pixels):
    return pixels @ [0.299, 0.587, 0.114]


def psnr(one, other):
    import numpy
    error = numpy.mean((one - other) ** 2)
    return 99.0 if error == 0 else float(10 * numpy.log10(255**2 / error))


def blurred(plane):
    """By the window of SSIM, a Gaussian of 11 × 11; only where it lies within the plane."""
    import numpy
    at = numpy.arange(BOX_OF_SSIM) - BOX_OF_SSIM // 2
    weights = numpy.exp(-at**2 / (2 * 1.5**2))
    for axis in (0, 1):
        windows = numpy.lib.stride_tricks.sliding_window_view(plane, BOX_OF_SSIM, axis)
        plane = windows @ (weights / weights.sum())
    return plane


def ssim(one, other):
    """Wang et al. 2004, of luma."""
    import numpy
    if min(one.shape) < BOX_OF_SSIM:
        return None
    steady, steadier = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    mean_one, mean_other = blurred(one), blurred(other)
    spread_one = blurred(one * one) - mean_one**2
    spread_other = blurred(other * other) - mean_other**2
    shared = blurred(one * other) - mean_one * mean_other
    value = ((2 * mean_one * mean_other + steady) * (2 * shared + steadier)
             / ((mean_one**2 + mean_other**2 + steady) * (spread_one + spread_other + steadier)))
    return float(numpy.mean(value))


def score(path, reference):
    """PSNR of all channels (of luma, where there is but that) and SSIM of luma, and the bytes."""
    import numpy
    from PIL import Image
    image = Image.open(path)
    expected = reference.resized(image.size)
    if path.suffix == ".pgm":
        expected = luma(expected)
        actual = numpy.asarray(image, dtype=numpy.float64)
        return {"luma psnr": psnr(actual, expected), "ssim": ssim(actual, expected)}
    actual = numpy.asarray(image.convert("RGB"), dtype=numpy.float64)
    return {"psnr": psnr(actual, expected), "luma psnr": psnr(luma(actual), luma(expected)),
            "ssim": ssim(luma(actual), luma(expected)), "bytes": path.stat().st_size}


# What is made and compared: kind -> the contenders, their options, the ending of their files.

KINDS = {
    "pixels": (PROGRAMS | {SHORT_WAY: make_luma}, {"bulkhead": ["-f", "png"]}, ".png"),
    "encoded": (PROGRAMS, {}, ".jpg"),
    "linear pixels": ({n: PROGRAMS[n] for n in ("bulkhead", "vipsthumbnail")},
                      {"bulkhead": ["-f", "png", "--linear"], "vipsthumbnail": ["--linear"]}, ".png"),
}


def encode_references(photos, side, out):
    """The reference itself, encoded as the thumbnails are: the fewest bytes for the best pixels."""
    import numpy
    from PIL import Image
    for path in photos.glob("*.jpg"):
        reference = reference_of(path, False)
        pixels = numpy.rint(reference.resized(reference.usual_size(side))).astype(numpy.uint8)
        picture = Image.fromarray(pixels)
        encode_with_pillow(picture.convert("L") if sampling_of(path) == "grey" else picture, out / f"{path.stem}.jpg")


def scores_of_kind(build, kind, photos, side, work):
    """{photo: {contender: score}} of the photos that are larger than the side."""
    from PIL import Image
    programs, options, suffix = KINDS[kind]
    folders = {name: work / f"{kind} {name} {side}" for name in programs}
    for name, make in programs.items():
        folders[name].mkdir()
        make(build, photos, side, folders[name], options.get(name, []), suffix)
    if kind == "encoded":
        folders["reference"] = work / f"{kind} reference {side}"
        folders["reference"].mkdir()
        encode_references(photos, side, folders["reference"])
    scores = {}
    for path in sorted(photos.glob("*.jpg")):
        with Image.open(path) as image:
            if max(image.size) <= side:
                continue
        reference = reference_of(path, "linear" in kind)
        ending = {name: ".pgm" if name == SHORT_WAY else suffix for name in folders}
        scores[path] = {name: score(folder / f"{path.stem}{ending[name]}", reference) for name, folder in folders.items()}
    for folder in folders.values():
        shutil.rmtree(folder)
    return scores


def summary(scores):
    """{contender: {measure: mean, measure's least}} of some photos."""
    table = {}
    for name in next(iter(scores)):
        rows = [s[name] for s in scores]
        table[name] = {"photos": len(rows)}
        for key in rows[0]:
            values = [row[key] for row in rows if row[key] is not None]
            table[name][key] = round(statistics.mean(values), 5)
            if key != "bytes":
                table[name][f"least {key}"] = round(min(values), 5)
    return table


def by_subset(scores):
    members = {}
    for path, score_of in scores.items():
        for subset in subsets(path):
            members.setdefault(subset, []).append(score_of)
    return {subset: summary(rows) for subset, rows in members.items()}


def worst_loss(scores):
    """By how much one photo may lie below the worse of the two rivals, at most."""
    return round(max(min(s[rival]["psnr"] for rival in RIVALS) - s["bulkhead"]["psnr"] for s in scores.values()), 2)


def print_table(kind, side, table):
    measures = ("psnr", "least psnr", "luma psnr", "least luma psnr", "ssim", "least ssim", "bytes")
    print(f"\n{kind + f', {side} px':47}" + "".join(f"{measure:>16}" for measure in measures))
    for subset, row in table.items():
        for name, s in row.items():
            figures = (f"{s[measure]:16.5g}" if measure in s else 16 * " " for measure in measures)
            print(f"  {subset:25} {s['photos']:4} {name:14} " + "".join(figures))


def shortfalls(table, kind, side):
    """Where a mean is below that of a rival."""
    for subset, row in table.items():
        for ours in (name for name in row if name.startswith("bulkhead")):
            for rival in (name for name in RIVALS if name in row):
                for key in {"psnr", "luma psnr", "ssim"} & set(row[ours]):
                    if row[ours][key] < row[rival][key]:
                        yield (f"{kind}, {side} px, {subset}: {key} of {ours} {row[ours][key]},"
                               f" of {rival} {row[rival][key]}")


def measure(build, count=40):
    """Measures and prints; the record for the results and the claims."""
    missing = install_hint()
    if missing:
        print(f"left out: quality (missing: {missing})")
        return {}, {}
    work = working_folder(build).with_name("bulkhead-bench-quality")
    shutil.rmtree(work, ignore_errors=True)
    photos = work / "photos"
    photos.mkdir(parents=True)
    gather(build, photos, count)
    record, said, below = {}, {}, []
    for kind in KINDS:
        for side in SIDES:
            scores = scores_of_kind(build, kind, photos, side, work)
            table = by_subset(scores)
            print_table(kind, side, table)
            record.setdefault(kind, {})[f"{side} px"] = table
            below += shortfalls(table, kind, side)
            if kind == "pixels":
                said[f"{side} px, most that a photo is below the worse rival, dB"] = str(worst_loss(scores))
            if kind == "encoded":
                sizes = [table["all"][name]["bytes"] for name in ("bulkhead", "reference")]
                said[f"{side} px, bytes of JPEGs / of the reference's"] = f"{sizes[0] / sizes[1]:.3f}"
    shutil.rmtree(work)
    said["subsets below a rival in quality"] = str(len(below))
    for line in below:
        print(f"below: {line}", file=sys.stderr)
    return {"quality": record}, said
