#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""compare.py BIN locks|tasks [ROUNDS]: our primitives beside others, medians of alternating rounds.

BIN is the folder of the benchmarks. What is not there is skipped, and said to be.
"""
import os
import statistics
import subprocess
import sys

BIN = sys.argv[1]
ROUNDS = int(sys.argv[3]) if len(sys.argv) > 3 else 11
OTHERS = [sys.executable, os.path.join(os.path.dirname(os.path.abspath(__file__)), "others.py")]



def contended(way):
    """A lock that two tasks contend for; those that only spin burn the time of who waits."""
    asked = 1.2 if way == "processes" else None
    others = [("glibc, robust", ["bench_lock", "robust", way], 1.2),
              ("glibc, not robust", ["bench_lock", "plain", way], asked),
              ("Boost, not robust", ["bench_lock_boost", "boost", way], asked),
              ("Concurrency Kit, fetch and store, spins", ["bench_lock_ck", "fas", way], None),
              ("Concurrency Kit, ticket, spins", ["bench_lock_ck", "ticket", way], None)]
    if way == "threads":
        others.append(("GLib, not robust", ["bench_lock_glib", "glib", way], None))
    return (f"mutex, two {way} contend", ["bench_lock", "ilv", way], others)


# What is measured: ours, then the others, each with what ours must be of it, if anything.
LOCKS = [
    ("mutex, alone, private", ["bench_lock", "ilv", "alone"],
     [("glibc, robust", ["bench_lock", "robust", "alone"], 1.15),
      ("glibc, not robust", ["bench_lock", "plain", "alone"], None),
      ("GLib, not robust", ["bench_lock_glib", "glib", "alone"], None),
      ("threading.Lock", OTHERS + ["lock", "threading"], None)]),
    ("mutex, alone, shared", ["bench_lock", "ilv", "alone", "shared"],
     [("glibc, robust", ["bench_lock", "robust", "alone", "shared"], 1.15),
      ("glibc, not robust", ["bench_lock", "plain", "alone", "shared"], None),
      ("Boost, not robust", ["bench_lock_boost", "boost", "alone", "shared"], None),
      ("Concurrency Kit, fetch and store", ["bench_lock_ck", "fas", "alone", "shared"], None),
      ("multiprocessing.Lock", OTHERS + ["lock", "multiprocessing"], None)]),
    contended("threads"),
    contended("processes"),
]
TASKS = [
    ("queue of 64 bytes, one core", ["bench_queue", "1"],
     [("Boost message_queue", ["bench_queue_boost", "1"], 1 / 2),
      ("multiprocessing.Queue", OTHERS + ["queue", "1"], 1 / 20)]),
    ("queue of 64 bytes, two cores", ["bench_queue", "2"],
     [("Boost message_queue", ["bench_queue_boost", "2"], 1 / 2),
      ("multiprocessing.Queue", OTHERS + ["queue", "2"], 1 / 20)]),
    ("pipe round trip, one core", ["bench_pipe", "ilv", "1"],
     [("bare pipe(2) pair", ["bench_pipe", "bare", "1"], 1.05),
      ("the same without SIGPIPE", ["bench_pipe", "quiet", "1"], None)]),
    ("pipe round trip, two cores", ["bench_pipe", "ilv", "2"],
     [("bare pipe(2) pair", ["bench_pipe", "bare", "2"], 1.05),
      ("the same without SIGPIPE", ["bench_pipe", "quiet", "2"], None)]),
    ("process pool, a future each", ["bench_pool", "processes", "async"],
     [("Pool.apply_async", OTHERS + ["pool", "apply_async"], 1 / 20)]),
    ("process pool, map", ["bench_pool", "processes", "map"],
     [("Pool.map, chunks of 1", OTHERS + ["pool", "map"], 1 / 20)]),
    ("thread pool, no outcome", ["bench_pool", "threads", "submit"],
     [("GLib GThreadPool", ["bench_pool_glib"], 1)]),
]


def run(command):
    if not os.path.isabs(command[0]):
        command = [os.path.join(BIN, command[0])] + command[1:]
    if not os.path.exists(command[0]):
        return None
    result = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return float(result.stdout)


def main(table):
    for name, ours, others in table:
        times = [[] for _ in range(len(others) + 1)]
        for _ in range(ROUNDS):
            for at, command in enumerate([ours] + [other[1] for other in others]):
                spent = run(command)
                if spent is not None:
                    times[at].append(spent)
        mine = statistics.median(times[0])
        print(f"{name}: {mine:.1f} ns")
        for (other, _, most), spent in zip(others, times[1:]):
            if not spent:
                print(f"  {other}: SKIPPED, it is not installed here")
                continue
            theirs = statistics.median(spent)
            wanted = (f", wanted at most {most:.3f}: {'yes' if mine <= most * theirs else 'NO'}"
                      if most else "")
            print(f"  {other}: {theirs:.1f} ns; ours is {mine / theirs:.3f} of it{wanted}")
        sys.stdout.flush()


main({"locks": LOCKS, "tasks": TASKS}[sys.argv[2]])
