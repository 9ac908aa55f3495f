#!/usr/bin/env python3
"""The programs in the manual are the files of examples/, to the letter.

Usage: check_manual.py ROOT [--update]

After a line `<!-- examples/NAME.cc -->` the manual has a block of code that is that file's text. With --update the
blocks are written anew; without it, each that differs is named and the exit status is 1. A program of examples/ that
the manual does not show is named, too.
"""
import pathlib
import re
import sys

BLOCK = re.compile(r"<!-- (examples/\w+\.cc) -->\n```cpp\n(.*?)```\n", re.DOTALL)
NOT_SHOWN = {"examples/thumbnails_serial.cc"}  # thumbnails_pool.cc without its three lines


def programs(root):
    found = {f"examples/{path.name}" for path in (root / "examples").glob("*.cc")}
    return {name for name in found if not name.endswith("_test.cc")}


def complaints(root, manual):
    shown = dict(BLOCK.findall(manual))
    for name, text in shown.items():
        path = root / name
        if not path.exists():
            yield f"docs/manual.md: there is no {name}"
        elif path.read_text() != text:
            yield f"docs/manual.md: the block of {name} is not its text (check_manual.py . --update)"
    for name in sorted(programs(root) - NOT_SHOWN - shown.keys()):
        yield f"docs/manual.md: {name} is not shown"


def update(root, manual):
    return BLOCK.sub(lambda found: f"<!-- {found[1]} -->\n```cpp\n{(root / found[1]).read_text()}```\n", manual)


def main():
    root = pathlib.Path(sys.argv[1])
    page = root / "docs/manual.md"
    if "--update" in sys.argv[2:]:
        page.write_text(update(root, page.read_text()))
    found = list(complaints(root, page.read_text()))
    print("\n".join(found) or "every program in the manual is its file's text")
    sys.exit(1 if found else 0)


main()
