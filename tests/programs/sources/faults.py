#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Seeded faults: takes one lock pair or one wake-up out of a source file, each in turn, and prints
which of them the sandbox finds, which plain runs and which ThreadSanitizer.

usage: faults.py SOURCE.cpp MAKE-DIR INTERLEAVE INPUT [--runs N] [--seconds S] [--only K[,K...]]

MAKE-DIR is the unpacked and built source tree; SOURCE.cpp a file in it. The program is pbzip2:
its locks are taken by safe_mutex_lock(X) and let go by safe_mutex_unlock(X) or pthread_mutex_unlock(X).
A pair is a lock and the unlocks of the same mutex behind it, up to its next lock or the function's end.
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

LOCK = re.compile(r"^\s*(?:safe|pthread)_mutex_lock\s*\((.+?)\)\s*;")
UNLOCK = re.compile(r"^\s*(?:safe|pthread)_mutex_unlock\s*\((.+?)\)\s*;")
WAKE = re.compile(r"^\s*(?:safe|pthread)_cond_(?:signal|broadcast)\s*\((.+?)\)\s*;")
COMMAND = ["-1", "-b1", "-p4", "-k", "-c"]


def function_end(lines, at):
    """The line of the brace that ends the function in which line `at` lies."""
    while at < len(lines) and not lines[at].startswith("}"):
        at += 1
    return at


def mutants(lines):
    """Yields (name, lines to blank)."""
    for i, line in enumerate(lines):
        wake = WAKE.match(line)
        if wake:
            yield f"line {i + 1}: wake of {wake[1]}", [i]
        lock = LOCK.match(line)
        if not lock:
            continue
        pair = [i]
        for k in range(i + 1, function_end(lines, i)):
            again, unlock = LOCK.match(lines[k]), UNLOCK.match(lines[k])
            if again and again[1] == lock[1]:
                break
            if unlock and unlock[1] == lock[1]:
                pair.append(k)
        if len(pair) > 1:
            yield f"line {i + 1}: lock of {lock[1]}", pair


def build(directory, flags, compiler):
    command = ["make", "-s", "-B", "-C", directory, "pbzip2", f"CXX={compiler}",
               f"CXXFLAGS=-g -O1 {flags} -D_LARGEFILE64_SOURCE -D_FILE_OFFSET_BITS=64"]
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def sandbox(directory, tool, options, data, expected):
    """Hunts for errors first, then with races allowed for what they break."""
    program = f"{directory}/pbzip2"
    for extra in ([], ["--races", "allow"]):
        command = [tool, "hunt", "--quiet", "--runs", str(options.runs), "--seconds",
                   str(options.seconds), "--expect", expected, *extra, "--", program, *COMMAND, data]
        result = subprocess.run(command, cwd=directory, capture_output=True, text=True)
        last = (result.stdout.strip().splitlines() or [result.stderr.strip()])[-1]
        if result.returncode == 1:
            return last.split(":")[0].removeprefix("FOUND ")
    return "no (" + last.split(" (")[0].lower() + ")"


def plain(directory, runs, data, expected, environment=None):
    """Of so many runs, how many failed or hung; stops at the first."""
    wanted = pathlib.Path(expected).read_bytes()
    for i in range(runs):
        try:
            run = subprocess.run([f"{directory}/pbzip2", *COMMAND, data], capture_output=True,
                                 timeout=20, env=environment)
        except subprocess.TimeoutExpired:
            return f"run {i}: hangs"
        if run.returncode != 0 or run.stdout != wanted:
            return f"run {i}: fails"
    return "no"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("source")
    parser.add_argument("directory")
    parser.add_argument("tool")
    parser.add_argument("data")
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--plain", type=int, default=2000)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    lines = pathlib.Path(options.directory, options.source).read_text().splitlines(keepends=True)
    chosen = {int(k) for k in options.only.split(",") if k}
    data = str(pathlib.Path(options.data).resolve())
    print(f"{'seeded fault':50} {'sandbox':34} {'plain runs':14} TSan", flush=True)
    found = count = 0
    with tempfile.TemporaryDirectory() as scratch:
        tree = f"{scratch}/tree"
        shutil.copytree(options.directory, tree)
        build(tree, "", "g++")
        expected = f"{scratch}/expected"
        with open(expected, "wb") as out:
            subprocess.run([f"{tree}/pbzip2", *COMMAND, data], stdout=out, check=True)
        for k, (name, blank) in enumerate(mutants(lines)):
            if chosen and k not in chosen:
                continue
            text = [("/* */;\n" if i in blank else line) for i, line in enumerate(lines)]
            pathlib.Path(tree, options.source).write_text("".join(text))
            verdict = native = tsan = "does not compile"
            if build(tree, "", f"{options.tool} c++ --quiet"):
                verdict = sandbox(tree, options.tool, options, data, expected)
            if build(tree, "", "g++"):
                native = plain(tree, options.plain, data, expected)
            if build(tree, "-fsanitize=thread -Wno-reserved-user-defined-literal", "clang++"):
                tsan = plain(tree, options.plain, data, expected, {"TSAN_OPTIONS": "exitcode=66"})
            found += not verdict.startswith("no")
            count += 1
            print(f"{k:3} {name:46} {verdict:34} {native:14} {tsan}", flush=True)
    print(f"{found} of {count} seeded faults found by the sandbox")
    return 0


if __name__ == "__main__":
    sys.exit(main())
