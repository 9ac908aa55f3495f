#!/usr/bin/env python3
"""Whether the tests that docs/scenarios.md names exist, and each scenario is there once.

Usage: check_scenarios.py ROOT
"""

import pathlib
import re
import sys

FOLDERS = ("src", "tests")


def tests_in(root):
    """All tests, as Suite.Name."""
    tests = set()
    for folder in FOLDERS:
        for file in sorted((root / folder).rglob("*.[ch]*")):
            text = file.read_text(encoding="utf-8")
            tests.update(
                f"{suite}.{name}"
                for suite, name in re.findall(r"^(?:TYPED_)?TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\s*\)", text, re.M)
            )
    return tests


def problems(root):
    """One line for each."""
    known = tests_in(root)
    seen = set()
    found = []
    for line in (root / "docs/scenarios.md").read_text(encoding="utf-8").splitlines():
        row = re.match(r"\| ([A-Z]\d\d) \|[^|]*\|([^|]*)\|$", line)
        if not row:
            continue
        scenario, cell = row.groups()
        if scenario in seen:
            found.append(f"{scenario} is there twice")
        seen.add(scenario)
        named = re.findall(r"`([^`]+)`", cell)
        if not named and not cell.strip().startswith("none"):
            found.append(f"{scenario} names no test")
        found += [f"{scenario}: there is no test {name}" for name in named
                  if name not in known and not (root / name).exists()]
    if not seen:
        found.append("there is no scenario")
    return found


def main():
    found = problems(pathlib.Path(sys.argv[1]))
    for problem in found:
        print(f"docs/scenarios.md: {problem}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
