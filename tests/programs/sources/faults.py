#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Seeded faults: takes one lock pair or one wake-up out of pbzip2's source, each in turn, and prints
which of them the sandbox finds, which plain runs and which ThreadSanitizer.

usage: faults.py TREE INTERLEAVE [--runs N] [--seconds S] [--plain N] [--tsan N] [--only K,...]
                 [--list]

TREE is pbzip2's unpacked source. Its locks are taken by safe_mutex_lock(X) and let go by
safe_mutex_unlock(X) or pthread_mutex_unlock(X). A pair is a lock and the unlocks of the same mutex
behind it, up to its next lock or the function's end. The input is small and made of long runs of
equal bytes, so that little time is spent on compressing it: five blocks for two consumers and a
queue of two. Faults in functions that only decompression calls are sought by decompressing, those
in what links the pieces of a stream with streams longer than a piece, and wakes of those who wait
for room in the output buffer with a buffer of two blocks. The last two show races of pbzip2 itself,
which TSan reports too: there, races do not count. libbz2 is linked statically, for its code, if it
were a library, could order accesses in ways that are not seen.

"unchanged" is the source as it is. Exit status: 0; 1 if a fault survives that has no reason in
REASONS, or something is found in the unchanged source.
"""
import argparse
import bz2
import concurrent.futures
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

SOURCE = "pbzip2.cpp"
OTHERS = ["BZ2StreamScanner.cpp", "ErrorContext.cpp"]
DEFINES = ["-D_LARGEFILE64_SOURCE", "-D_FILE_OFFSET_BITS=64", "-D_POSIX_PTHREAD_SEMANTICS",
           "-DUSE_STACKSIZE_CUSTOMIZATION"]
LOCK = re.compile(r"^\s*(?:safe|pthread)_mutex_lock\s*\((.+?)\)\s*;")
UNLOCK = re.compile(r"^\s*(?:safe|pthread)_mutex_unlock\s*\((.+?)\)\s*;")
WAKE = re.compile(r"^\s*(?:safe|pthread)_cond_(?:signal|broadcast)\s*\((.+?)\)\s*;")
FUNCTION = re.compile(r"^\w[\w *]*?(\w+)\s*\(")
COMPRESS = ["-1", "-b2", "-p2", "-k", "-c"]
TIGHT = ["-1", "-b2", "-p2", "-m1", "-k", "-c"]
DECOMPRESS = ["-d", "-p2", "-c"]
DECOMPRESSING = re.compile(r"decompress|SeqAddNext|LastGood|MinError|waitForPrevious", re.I)
LINKING = re.compile(r"SeqAddNext")
THROTTLING = re.compile(r"wake of notTooMuchNumBuffered")
HANG = 60  # seconds of a plain run; some faults cost a second for each wake-up that is missed
AT_ONCE = 3  # plain runs
HEAD = f"{'':4}{'seeded fault':58} {'sandbox':44} {'plain runs':16} TSan"

DAMAGED = "not run: needs a damaged archive"
STOPPED = "not run: needs a signal or an error that stops the program"
AGAIN = "not needed: the writer looks again after a second at the latest"
BLOCKS = "equivalent: others read NumBlocks only behind the flag that the producer is done"
WRITTEN = "not needed: when all is written nobody waits; the producer's last wake is the one"
LATER = "not needed: the writer wakes all that wait for the queue again when all is written"
CLEANUP = "not run: what it guards is read only by the thread that cleans up after a signal"
BEFORE = "equivalent: it is called before the threads of the file are made"
SET_LAST = ("wake of &ErrStateChangeCond", "wake of &OutBufferHeadNotEmpty",
            "wake of notTooMuchNumBuffered", "lock of OutMutex", "lock of FifoQueue->mut",
            "wake of FifoQueue->notFull", "wake of FifoQueue->notEmpty")
SET_TERMINATE = ("lock of &TerminateFlagMutex", "wake of &TerminateCond", "lock of OutMutex",
                 "wake of notTooMuchNumBuffered", "lock of FifoQueue->mut",
                 "wake of FifoQueue->notFull", "wake of FifoQueue->notEmpty")
# (function, what is taken out, which of several): why nothing can be found
REASONS = {
    ("syncGetTerminateFlag", "lock of &TerminateFlagMutex", 0): STOPPED,
    **{("syncSetTerminateFlag", fault, 0): STOPPED for fault in SET_TERMINATE},
    **{("syncSetLastGoodBlock", fault, 0): DAMAGED for fault in SET_LAST},
    ("syncGetLastGoodBlock", "lock of OutMutex", 0): DAMAGED,
    ("syncGetMinErrorBlock", "lock of OutMutex", 0): DAMAGED,
    ("waitForPreviousBlock", "lock of OutMutex", 0): DAMAGED,
    ("producer_decompress", "lock of fifo->mut", 0): STOPPED,
    ("producer_decompress", "wake of fifo->notEmpty", 0): STOPPED,
    ("producer_decompress", "wake of fifo->notEmpty", 1): STOPPED,
    ("producer_decompress", "lock of &ProgressIndicatorsMutex", 0): BLOCKS,
    ("producer_decompress", "lock of &ProgressIndicatorsMutex", 1): BLOCKS,
    ("producer", "lock of &ProgressIndicatorsMutex", 0): BLOCKS,
    ("producer", "lock of &ProgressIndicatorsMutex", 1): BLOCKS,
    ("producer", "lock of fifo->mut", 1): LATER,
    ("producer", "wake of fifo->notEmpty", 1): LATER,
    ("producer_decompress", "lock of fifo->mut", 2): LATER,
    ("producer_decompress", "wake of fifo->notEmpty", 3): LATER,
    ("fileWriter", "wake of &ErrStateChangeCond", 0): DAMAGED,
    ("fileWriter", "lock of FifoQueue->mut", 0): WRITTEN,
    ("fileWriter", "wake of FifoQueue->notEmpty", 0): WRITTEN,
    ("fileWriter", "wake of FifoQueue->notFull", 0): WRITTEN,
    ("fileWriter", "lock of OutMutex", 2): WRITTEN,
    ("fileWriter", "wake of notTooMuchNumBuffered", 1): WRITTEN,
    ("outputBufferSeqAddNext", "wake of &OutBufferHeadNotEmpty", 0): AGAIN,
    ("outputBufferAdd", "wake of &OutBufferHeadNotEmpty", 0): AGAIN,
    ("outputBufferInit", "lock of OutMutex", 0): BEFORE,
    ("main", "lock of &ErrorHandlerMutex", 0): CLEANUP,
    ("main", "lock of &ErrorHandlerMutex", 1): CLEANUP,
}


def functions(lines):
    """The name of the function in which each line lies."""
    names, name = [], ""
    for line in lines:
        match = FUNCTION.match(line)
        name = match[1] if match and ";" not in line else name
        names.append(name)
    return names


def function_end(lines, at):
    """The line of the brace that ends the function in which line `at` lies."""
    while at < len(lines) and not lines[at].startswith("}"):
        at += 1
    return at


def without_debug(lines):
    """The lines with what #ifdef PBZIP_DEBUG hides left empty."""
    kept, hidden = [], False
    for line in lines:
        word = line.strip().replace("# ", "#")
        if word.startswith("#ifdef PBZIP_DEBUG"):
            hidden = True
        elif hidden and word.startswith(("#endif", "#else")):
            hidden = False
        kept.append("" if hidden else line)
    return kept


def mutants(lines):
    """Yields (function, fault, lines to blank)."""
    lines = without_debug(lines)
    names = functions(lines)
    for i, line in enumerate(lines):
        wake, lock = WAKE.match(line), LOCK.match(line)
        if wake:
            yield names[i], f"wake of {wake[1]}", [i]
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
            yield names[i], f"lock of {lock[1]}", pair


class Builder:
    """Builds of one compiler; what no fault changes is compiled once."""

    def __init__(self, tree, place, compiler):
        self.tree, self.place, self.compiler = tree, place, compiler
        place.mkdir()
        self.ready = all(self.compile(tree / name, name) for name in OTHERS)

    def compile(self, source, name):
        command = [*self.compiler, "-g", "-O1", "-pthread", "-w", "-I", str(self.tree), *DEFINES,
                   "-c", str(source), "-o", str(self.place / (name + ".o"))]
        return subprocess.run(command, stderr=subprocess.DEVNULL).returncode == 0

    def build(self, source):
        """The program with this source, or None."""
        if not self.ready or not self.compile(source, SOURCE):
            return None
        program = self.place / "pbzip2"
        objects = [str(self.place / (name + ".o")) for name in [SOURCE, *OTHERS]]
        command = [*self.compiler, "-g", "-pthread", *objects, "-l:libbz2.a", "-o", str(program)]
        done = subprocess.run(command, stderr=subprocess.DEVNULL)
        return str(program) if done.returncode == 0 else None


class Task:
    """What the program is given and what it must answer."""

    def __init__(self, name, place, arguments, data, races=True):
        self.name, self.arguments, self.data, self.races = name, arguments, str(data), races
        self.stdin = self.data if "-d" in arguments else os.devnull
        self.expected = str(place / f"expected-{name}")

    def command(self, program):
        return [program, *self.arguments, *([] if "-d" in self.arguments else [self.data])]

    def run(self, program, **more):
        with open(self.stdin, "rb") as stdin:
            return subprocess.run(self.command(program), stdin=stdin, capture_output=True, **more)

    def answer(self, program):
        pathlib.Path(self.expected).write_bytes(self.run(program, check=True).stdout)
        return self.expected


def long_runs(place):
    """Five blocks of runs of equal bytes, all different."""
    dice = random.Random(1)
    data = place / "data"
    data.write_bytes(b"".join(bytes([dice.randrange(256)]) * 250 for _ in range(3600)))
    return data


def long_streams(place):
    """Two streams, each of three pieces when it is decompressed."""
    packed = place / "streams.bz2"
    packed.write_bytes(b"".join(bz2.compress(bytes([byte]) * 2_000_000, 1) for byte in (1, 2)))
    return packed


def sandbox(program, task, options, place):
    """Hunts for data races and everything else first, then with races allowed for what they break.
    Returns what was found, or why nothing was."""
    found = []
    for extra in ([[]] if task.races else []) + [["--races", "allow"]]:
        command = [options.tool, "hunt", "--quiet", "--runs", str(options.runs), "--seconds",
                   str(options.seconds), "--expect", task.expected, "--stdin",
                   task.stdin, *extra, "--",
                   *task.command(program)]
        result = subprocess.run(command, cwd=place, capture_output=True, text=True)
        last = (result.stdout.strip().splitlines() or [result.stderr.strip()])[-1]
        if result.returncode != 1:
            return " + ".join(found) or "no (" + last.split(" (")[0].lower() + ")"
        found.append(last.split(":")[0].removeprefix("FOUND ").replace(" in run ", ", run "))
        if not found[-1].startswith("data-race"):
            break
    return " + ".join(found)


def plain(program, task, runs, environment=None):
    """Which of so many runs fails first, if any."""
    wanted = pathlib.Path(task.expected).read_bytes()

    def one(_):
        try:
            run = task.run(program, timeout=HANG, env=environment)
        except subprocess.TimeoutExpired:
            return "hangs"
        if run.returncode == 66:
            return "report"
        return "" if run.returncode == 0 and run.stdout == wanted else "fails"

    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for i, what in enumerate(pool.map(one, range(runs))):
            if what:
                pool.shutdown(wait=True, cancel_futures=True)
                return f"{what}, run {i}"
    return f"no ({runs})"


class Trial:
    """One source, built three ways and tried."""

    def __init__(self, options, place):
        self.options, self.place = options, place
        tree = pathlib.Path(options.tree).resolve()
        kinds = {"sandbox": [options.tool, "c++", "--quiet"], "plain": ["g++"],
                 "tsan": ["clang++", "-fsanitize=thread", "-Wno-reserved-user-defined-literal"]}
        self.builders = {k: Builder(tree, place / k, command) for k, command in kinds.items()}
        data = long_runs(place)
        unchanged = self.builders["plain"].build(tree / SOURCE)
        if not unchanged:
            raise SystemExit("faults.py: the unchanged source does not compile")
        self.compress = Task("compress", place, COMPRESS, data)
        self.tight = Task("tight", place, TIGHT, data, races=False)
        packed = place / "packed.bz2"
        packed.write_bytes(pathlib.Path(self.compress.answer(unchanged)).read_bytes())
        self.decompress = Task("decompress", place, DECOMPRESS, packed)
        self.streams = Task("streams", place, DECOMPRESS, long_streams(place), races=False)
        self.tight.answer(unchanged)
        self.streams.answer(unchanged)
        self.decompress.answer(unchanged)

    def task(self, function, fault):
        if THROTTLING.match(fault) and not DECOMPRESSING.search(function):
            return self.tight
        if LINKING.search(function):
            return self.streams
        return self.decompress if DECOMPRESSING.search(function) else self.compress

    def row(self, text, task):
        """What the sandbox, plain runs and TSan say."""
        source = self.place / SOURCE
        source.write_text(text)
        programs = {k: builder.build(source) for k, builder in self.builders.items()}
        if not all(programs.values()):
            return ["does not compile"] * 3
        quiet = {"TSAN_OPTIONS": f"exitcode=66 report_bugs={int(task.races)}"}
        return [sandbox(programs["sandbox"], task, self.options, self.place),
                plain(programs["plain"], task, self.options.plain),
                plain(programs["tsan"], task, self.options.tsan, quiet)]


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("tree")
    parser.add_argument("tool")
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--plain", type=int, default=2000)
    parser.add_argument("--tsan", type=int, default=200)
    parser.add_argument("--only", default="")
    parser.add_argument("--list", action="store_true")
    return parser.parse_args()


def tell(number, name, row, reason=""):
    print(f"{number:>3} {name:58} {row[0]:44} {row[1]:16} {row[2]}", flush=True)
    if reason:
        print(f"    {reason}", flush=True)


def tried(trial, lines, chosen):
    """Tries the unchanged source and the chosen faults; returns how many were found and how many
    were tried, and what has no explanation."""
    found, count, unexplained, seen = 0, 0, [], []
    for task in (trial.compress, trial.tight, trial.decompress, trial.streams) if not chosen else ():
        row = trial.row("".join(lines), task)
        tell("", f"unchanged ({task.name})", row)
        if not all(cell.startswith("no (") for cell in row):
            unexplained.append("unchanged")
    for k, (function, fault, blank) in enumerate(mutants(lines)):
        reason = REASONS.get((function, fault, seen.count((function, fault))), "")
        seen.append((function, fault))
        if chosen and k not in chosen:
            continue
        task = trial.task(function, fault)
        text = "".join(";\n" if i in blank else line for i, line in enumerate(lines))
        row = trial.row(text, task)
        count += 1
        if row[0].startswith("no ("):
            unexplained += [] if reason else [str(k)]
            tell(k, f"{blank[0] + 1} {function}: {fault}", row, reason or "no reason is known")
        else:
            found += 1
            tell(k, f"{blank[0] + 1} {function}: {fault}", row)
    return found, count, unexplained


def main():
    options = arguments()
    lines = pathlib.Path(options.tree, SOURCE).read_text().splitlines(keepends=True)
    chosen = {int(k) for k in options.only.split(",") if k}
    if options.list:
        for k, (function, fault, blank) in enumerate(mutants(lines)):
            print(f"{k:3} {function}: {fault} (lines {', '.join(str(i + 1) for i in blank)})")
        return 0
    print(HEAD, flush=True)
    with tempfile.TemporaryDirectory() as place:
        found, count, unexplained = tried(Trial(options, pathlib.Path(place)), lines, chosen)
    print(f"{found} of {count} seeded faults found by the sandbox")
    if unexplained:
        print(f"without explanation: {', '.join(unexplained)}")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
