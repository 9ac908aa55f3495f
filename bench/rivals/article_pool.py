"""The article's program with a process pool; the second argument is the number of workers."""
import concurrent.futures
import glob
import os
import sys

from PIL import Image


def make_image_thumbnail(filename):
    base_filename, file_extension = os.path.splitext(filename)
    thumbnail_filename = f"{base_filename}_thumbnail{file_extension}"
    image = Image.open(filename)
    image.thumbnail(size=(128, 128))
    image.save(thumbnail_filename, "JPEG")
    return thumbnail_filename


if __name__ == "__main__":
    os.chdir(sys.argv[1])
    with concurrent.futures.ProcessPoolExecutor(int(sys.argv[2])) as executor:
        image_files = sorted(glob.glob("*.jpg"))
        for image_file, thumbnail_file in zip(
            image_files, executor.map(make_image_thumbnail, image_files)
        ):
            print(f"A thumbnail for {image_file} was saved as {thumbnail_file}")
