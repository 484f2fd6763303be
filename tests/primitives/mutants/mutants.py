#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Mutants of the primitives: makes every mechanical change to primitives/src, each alone, and prints
what notices it.

usage: mutants.py INTERLEAVE [--list] [--file NAME,...] [--only N,...] [--kind KIND,...] [-j N]
                  [--place FOLDER] [--resume FILE [--again]]

Changed are: each memory order, made one step weaker; each wake-up, dropped; each `while`, run once
(`if`); each pair of lock and unlock, taken out; each step of repair that a death asks for and
each note of what an operation overwrites, skipped. changes.py finds them, trials.py builds a mutant
(only the source that is changed) and runs the tests of what lies there, the quickest first: those of
the primitives with gcc and with clang's ThreadSanitizer, and the programs of tests/primitives/sandbox
under the sandbox (INTERLEAVE) in two ways: compiled by `interleave cc`, whose detector of races goes
by the orders as they are written, and with words of which old values are seen, as C11 allows
(weak.h). The first that fails or takes 20 times as long as unchanged has killed the mutant. A
survivor has a reason in reasons.py: `equivalent: ...`, or `needs weak memory: ...` when it would
take a machine that weak.h is not.

--resume keeps what was found in a file and goes on from there; --again tries what survived anew.
Exit status: 0; 1 if a survivor has no reason, if a reason stands there for a mutant that is killed or
does not exist, or if less than 90 of 100 are killed; 130 on Ctrl-C.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading

from changes import Source
from reasons import REASONS
from trials import ROOT, Trials, plan_of, stop

ENOUGH = 90  # of 100


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("interleave")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--file", default="")
    parser.add_argument("--only", default="")
    parser.add_argument("--kind", default="")
    parser.add_argument("--place")
    parser.add_argument("--resume")
    parser.add_argument("--again", action="store_true")
    parser.add_argument("-j", type=int, default=2)
    return parser.parse_args()


def all_changes():
    """(source, change) of all sources."""
    found = []
    for path in sorted((ROOT / "primitives/src").glob("*.[ch]")):
        source = Source(path.name, path.read_text())
        found += [(source, change) for change in source.all()]
    return found


def chosen(found, options):
    files, only, kinds = (set(filter(None, text.split(",")))
                          for text in (options.file, options.only, options.kind))
    return [(k, source, change) for k, (source, change) in enumerate(found)
            if (not files or change.file in files) and (not kinds or change.kind in kinds)
            and (not only or str(k) in only)]


def key_of(change):
    return (change.file, change.function, change.what, *([change.nth] if change.nth > 1 else []))


def title(number, change):
    again = f" (no. {change.nth})" if change.nth > 1 else ""
    return f"{number:>3} {change.file}:{change.line} {change.function}: {change.kind}: {change.what}{again}"


class Results:
    """What was found, also in a file."""

    def __init__(self, path):
        self.path, self.killers, self.lock = path, {}, threading.Lock()
        if path and os.path.exists(path):
            for line in pathlib.Path(path).read_text().splitlines():
                key, killer = json.loads(line)
                self.killers[tuple(key)] = killer

    def keep(self, change, killer):
        with self.lock:
            self.killers[key_of(change)] = killer
            if self.path:
                with open(self.path, "a", encoding="utf-8") as file:
                    file.write(json.dumps([key_of(change), killer]) + "\n")


def tell(number, change, killer):
    reason = REASONS.get(key_of(change), "no reason is known")
    print(f"{title(number, change)}\n      {killer or 'survived: ' + reason}", flush=True)


def try_all(work, results, options, place):
    done = {key for key, killer in results.killers.items() if killer or not options.again}
    todo = [w for w in work if key_of(w[2]) not in done]
    if not todo:
        return
    trials = Trials(place, os.path.abspath(options.interleave))
    folders = [place / f"mutant{i}" for i in range(options.j)]
    free = threading.Lock()
    trials.prepare({stage: 0 for _, _, change in todo for stage in plan_of(change)})

    stopping = threading.Event()

    def one(item):
        with free:
            folder = folders.pop()
        killer = trials.verdict(item[1], item[2], folder, stopping)
        with free:
            folders.append(folder)
        if not stopping.is_set():
            results.keep(item[2], killer)
        return item, killer

    pool = concurrent.futures.ThreadPoolExecutor(options.j)
    try:
        for done in concurrent.futures.as_completed([pool.submit(one, item) for item in todo]):
            item, killer = done.result()
            tell(item[0], item[2], killer)
    finally:
        stopping.set()
        stop()
        pool.shutdown(wait=True, cancel_futures=True)


def stale_reasons(work, results, whole):
    """Reasons of mutants that are killed, or, if all mutants are looked at, do not exist."""
    known = {key_of(change): results.killers[key_of(change)] for _, _, change in work}
    return [key for key in REASONS if known.get(key, "x" if whole else "")]


def summary(work, results, whole):
    """Totals; the exit status."""
    counts, unexplained = collections.defaultdict(collections.Counter), []
    for number, _, change in work:
        killer = results.killers[key_of(change)]
        reason = REASONS.get(key_of(change), "")
        how = "killed" if killer else reason.split(":")[0] or "unexplained"
        counts[change.kind][how] += 1
        counts["all"][how] += 1
        if how == "unexplained":
            unexplained.append(title(number, change))
    print("\nsurvivors")
    for number, _, change in work:
        if not results.killers[key_of(change)]:
            tell(number, change, "")
    print()
    for kind in (*sorted(set(counts) - {"all"}), "all"):
        parts = ", ".join(f"{n} {how}" for how, n in sorted(counts[kind].items()))
        print(f"{kind:8} {sum(counts[kind].values()):>4}: {parts}")
    stale = stale_reasons(work, results, whole)
    for key in stale:
        print(f"a reason of a mutant that is killed or does not exist: {key}")
    total, killed = sum(counts["all"].values()), counts["all"]["killed"]
    able = total - counts["all"]["equivalent"]
    print(f"killed: {killed} of {total} ({100 * killed / total:.1f} %), "
          f"of {able} that are not equivalent ({100 * killed / max(able, 1):.1f} %)")
    return 1 if unexplained or stale or 100 * killed < ENOUGH * total else 0


def main():
    options = arguments()
    work = chosen(all_changes(), options)
    if options.list:
        for number, _, change in work:
            print(title(number, change))
        return 0
    results = Results(options.resume)
    place = pathlib.Path(tempfile.mkdtemp(prefix="ilv-mutants-", dir=options.place))
    try:
        try_all(work, results, options, place)
    except KeyboardInterrupt:
        return 130
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return summary(work, results, not (options.file or options.only or options.kind))


if __name__ == "__main__":
    sys.exit(main())
