#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""sanitized: runs a second with a real sanitizer beneath.

    sanitized.py COMMAND SOURCE COMPILER...

The program (correct, three threads, all kinds of locks) is hunted for 2,000 runs: built with the
sanitizer alone (points at calls), and by `interleave cc --with` it (at accesses too). Median of five.
"""
import os
import statistics
import subprocess
import sys
import tempfile
import time

RUNS, TIMES = 2000, 5
STATIC = {("gcc", "thread"): ["-static-libtsan"], ("gcc", "address"): ["-static-libasan"]}


def build(command, compiler, sanitizer, points, source, out):
    flags = ["-g", "-O1", "-pthread", "-D_GNU_SOURCE", "-DFAULT=0", source, "-o", out]
    kind = "gcc" if "gcc" in os.path.basename(compiler) else "clang"
    line = [compiler, f"-fsanitize={sanitizer}", *STATIC.get((kind, sanitizer), []), *flags]
    if points:
        line = [command, "cc", "--quiet", f"--cc={compiler}", f"--with={sanitizer[0]}san", *flags]
    return subprocess.run(line, stderr=subprocess.DEVNULL, check=False).returncode == 0


def seconds(command, program, place):
    start = time.monotonic()
    subprocess.run([command, "hunt", "--quiet", "--seconds", "0", "--runs", str(RUNS), "--",
                    program], cwd=place, stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - start


def main():
    command, source, *compilers = sys.argv[1:]
    command = os.path.abspath(command)
    with tempfile.TemporaryDirectory(prefix="ilv-bench-") as place:
        for compiler in compilers:
            for sanitizer in ("thread", "address"):
                for points in (False, True):
                    program = os.path.join(place, "program")
                    where = "accesses" if points else "calls"
                    title = f"{os.path.basename(compiler)}, {sanitizer} sanitizer, points at {where}"
                    if not build(command, compiler, sanitizer, points, source, program):
                        print(f"{title:55} cannot be built")
                        continue
                    took = statistics.median(seconds(command, program, place) for _ in range(TIMES))
                    print(f"{title:55} {RUNS / took:8.0f} runs a second")


main()
