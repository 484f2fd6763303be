#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks what the compiler cannot: the shape of the tree.

One line a fault, `FILE:LINE: what; what to do`; exit status 1 if there is one. Checked are the
files that git tracks: licence line, length of files and functions, paths of one machine, trailing
blanks, lines of comments that the formatter leaves too long, and that a room includes only the
rooms that the design lets it include.
"""
import os
import re
import shutil
import subprocess
import sys

FILE_LINES = 600
FUNCTION_LINES = 70
COMMENT_COLUMNS = 100

# What the files of a room may include beside their own; see the table of rooms in the design.
CONTRACTS = {"base", "trace", "strategies", "detectors", "runtime/control"}
MAY_INCLUDE = {
    "base": set(),
    "access": set(),
    "trace": {"base"},
    "strategies": {"base", "trace"},
    "detectors": {"base", "trace"},
    "symbols": {"base", "trace"},
    "runtime": CONTRACTS | {"access", "include"},
    "runtime/control": CONTRACTS,
    "reporters": CONTRACTS | {"symbols"},
    "explorer": CONTRACTS | {"symbols"},
    "checkers": CONTRACTS | {"symbols"},
    "api": CONTRACTS | {"symbols", "explorer", "reporters", "include"},
    "cli": CONTRACTS | {"symbols", "explorer", "reporters", "checkers", "api", "access",
                        "include"},
    "include": set(),
    "primitives": set(),
    "scenarios": {"primitives", "include"},
}

LICENSED = re.compile(r"(\.(c|h|cc|hpp|S|s|def|cmake|sh|py|map)|CMakeLists\.txt)$")
CODE = re.compile(r"\.(c|h|cc|S)$")
VERBATIM = re.compile(r"^tests/golden/|\.(patch|diff|sched|bin|gz|txt\.in)$")
MACHINE = re.compile("(?<![A-Za-z0-9_.])/(" + "|".join(["work", "root", "home"]) + ")/")
# A line that the driver of a test reads ("/* tells 1: ... */") may be of any length.
COMMENT = re.compile(r"^\s*(/\*(?! [a-z]+( \d+)?: )|\*|//)")
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"')

faults = []


def fault(path, line, what):
    faults.append(f"{path}:{line}: {what}")


def tracked():
    out = subprocess.run(["git", "ls-files", "-z"], check=True, stdout=subprocess.PIPE).stdout
    return [p for p in out.decode().split("\0") if p and os.path.isfile(p)]


def read_lines(path):
    """The lines of a text file; None for anything else."""
    data = open(path, "rb").read()
    if b"\0" in data:
        return None
    try:
        return data.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        return None


def room_of(path):
    parts = path.split("/")
    if parts[0] == "tools" and len(parts) > 2:
        return "runtime/control" if parts[1:3] == ["runtime", "control"] else parts[1]
    return parts[0] if parts[0] in MAY_INCLUDE else None


def check_licence(path, lines):
    if LICENSED.search(path):
        at = 1 if lines[0].startswith("#!") and len(lines) > 1 else 0
        if "SPDX-License-Identifier: MIT" not in lines[at]:
            fault(path, at + 1, "no licence line; begin with SPDX-License-Identifier: MIT")


def check_lines(path, lines):
    if CODE.search(path) and len(lines) - 1 > FILE_LINES:
        fault(path, len(lines) - 1, f"longer than {FILE_LINES} lines; divide it")
    for number, line in enumerate(lines, 1):
        if CODE.search(path) and COMMENT.match(line) and len(line) > COMMENT_COLUMNS:
            fault(path, number, f"a comment of over {COMMENT_COLUMNS} columns; break the line")
        if MACHINE.search(line) and not path.startswith("tests/golden/"):
            fault(path, number, "a path of one machine; make it relative")
        if not VERBATIM.search(path) and line != line.rstrip():
            fault(path, number, "blanks at the end of the line; remove them")


def check_includes(path, lines, homes):
    room = room_of(path)
    if not room or not CODE.search(path):
        return
    for number, line in enumerate(lines, 1):
        found = INCLUDE.match(line)
        if not found or os.path.exists(os.path.join(os.path.dirname(path), found[1])):
            continue
        rooms = homes.get(os.path.basename(found[1]), set())
        if rooms and room not in rooms and not rooms & MAY_INCLUDE[room]:
            fault(path, number, f"{room} may not include {found[1]} of {'/'.join(sorted(rooms))};"
                                " see the table of rooms in the design")


def check_functions(paths):
    if not shutil.which("ctags"):
        print("note: no ctags here; the length of functions is not checked")
        return
    out = subprocess.run(["ctags", "--fields=+ne", "--kinds-C=f", "--kinds-C++=f",
                          "--languages=C,C++", "-f", "-", "-L", "-"], check=True,
                         input="\n".join(paths), stdout=subprocess.PIPE, text=True,
                         stderr=subprocess.DEVNULL).stdout
    for entry in out.splitlines():
        fields = entry.split("\t")
        extra = dict(f.split(":", 1) for f in fields[3:] if ":" in f)
        if "line" in extra and "end" in extra:
            length = int(extra["end"]) - int(extra["line"]) + 1
            if length > FUNCTION_LINES:
                fault(fields[1], extra["line"],
                      f"{fields[0]} has {length} lines, more than {FUNCTION_LINES}; divide it")


def main():
    os.chdir(sys.argv[1])
    if not os.path.exists(".git"):
        print("skipped: not a git working tree")
        return 77
    paths = tracked()
    homes = {}
    for path in paths:
        if path.endswith((".h", ".def")) and room_of(path):
            homes.setdefault(os.path.basename(path), set()).add(room_of(path))
    for path in paths:
        lines = read_lines(path)
        if lines:
            check_licence(path, lines)
            check_lines(path, lines)
            check_includes(path, lines, homes)
    check_functions([p for p in paths if CODE.search(p) and not p.endswith(".S")])
    print("\n".join(faults) if faults else f"{len(paths)} files are in shape")
    return 1 if faults else 0


sys.exit(main())
