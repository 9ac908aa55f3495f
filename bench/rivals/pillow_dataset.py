"""Samples of 224 x 224 from a folder of photos, by Pillow: pillow_dataset.py FOLDER OUT jpeg|npy."""
import pathlib
import sys

from PIL import Image, ImageOps

SIZE, SHORTER_SIDE = 224, 256


def sample(path):
    photo = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
    scale = SHORTER_SIDE / min(photo.size)
    width, height = (round(side * scale) for side in photo.size)
    left, top = (width - SIZE) // 2, (height - SIZE) // 2
    return photo.resize((width, height), Image.BICUBIC).crop((left, top, left + SIZE, top + SIZE))


folder, out, form = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
photos = sorted(folder.rglob("*.jpg"))
out.mkdir(parents=True)
if form == "jpeg":
    for path in photos:
        sample(path).save(out / path.name, quality=90)
else:
    import numpy
    numpy.save(out / "images.npy", numpy.stack([numpy.asarray(sample(path)) for path in photos]))
