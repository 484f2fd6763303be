#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tidy.py [--checks=CHECKS] ROOT BUILD ROOM...: clang-tidy over every source of these folders, each
once; CHECKS are added to those of .clang-tidy, or taken away with a -.

Rooms are compiled in two variants, and run-clang-tidy would read each file twice. Programs that
the tests run under the sandbox are left out: they are there to do what one should not.
"""
import concurrent.futures
import json
import os
import shutil
import subprocess
import sys


PROGRAMS = ("tests/native/", "tests/programs/", "tests/sandbox/")


def sources(root, build, names):
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        found = {os.path.realpath(entry["file"]) for entry in json.load(file)}
    rooms = tuple(os.path.join(root, room) + os.sep for room in names)
    programs = tuple(os.path.join(root, room) for room in PROGRAMS)
    return sorted(f for f in found if f.endswith(".c") and f.startswith(rooms)
                  and not f.startswith(programs) and os.path.exists(f))


def tidy(tool, build, options, file):
    result = subprocess.run([tool, "-p", build, "--quiet", "--extra-arg=-Wno-unknown-warning-option",
                             *options, file], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                            check=False)
    return result.returncode, result.stdout


def main():
    options = [word for word in sys.argv[1:] if word.startswith("--checks=")]
    root, build, *rooms = [word for word in sys.argv[1:] if word not in options]
    root, build = os.path.realpath(root), os.path.realpath(build)
    tool = shutil.which("clang-tidy-14") or shutil.which("clang-tidy")
    if not tool:
        print("skipped: no clang-tidy here")
        return 77
    files = sources(root, build, rooms)
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for code, text in pool.map(lambda file: tidy(tool, build, options, file), files):
            if code:
                failed += 1
                print(text)
    print(f"{len(files)} sources, {failed} with remarks")
    return 1 if failed or not files else 0


sys.exit(main())
