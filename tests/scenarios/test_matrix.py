# SPDX-License-Identifier: MIT
"""test_matrix.py ROOT: every primitive, every way of failing.

For each primitive and each of race, deadlock, and exit or death there is a scenario with a variant
that stands on that primitive of ours. A scenario that waits for something stands in LATER with what it
waits for, and leaves it when it is there. Prints the matrix; a cell that is neither filled nor
waiting fails.
"""
import sys

import catalogue
from test_manifest import includes

WAYS = ("race", "deadlock", "exit or death")
# primitive: its header, and the scenarios of each way
MATRIX = {
    "mutex": ("mutex", ["ticket-sale", "lost-update"], ["deadlock-abba", "dining-philosophers"],
              ["dead-owner"]),
    "recursive lock": ("rlock", ["reentrant-iteration"], ["self-deadlock"],
                       ["terminate-mid-write"]),
    "queue": ("queue", ["priority-order", "private-queue"],
              ["producer-consumer", "join-before-drain"], ["worker-pool-queue", "daemon-exit"]),
    "pipe": ("pipe", ["pipe-torn-records"], ["both-write-first", "pipe-ends"], ["daemon-exit"]),
    "shared dict": ("dict", ["shared-dict-count"], ["dict-transfer"], ["dead-owner"]),
    "shared list": ("list", ["private-list", "list-check-append"], ["list-splice"],
                    ["dead-owner"]),
    "pool": ("pool", ["pool-callback"], ["pool-self-wait"],
             ["pool-worker-death", "pool-shutdown"]),
}
PROCESSES = "processes in the sandbox"
DEATHS = "processes in the sandbox, and --faults kill"
LATER = {
    "dead-owner": DEATHS,
    "terminate-mid-write": DEATHS,
    "pool-worker-death": DEATHS,
    "daemon-exit": DEATHS,
    "private-queue": PROCESSES,
    "producer-consumer": PROCESSES,
    "join-before-drain": PROCESSES,
    "pipe-torn-records": PROCESSES,
    "both-write-first": PROCESSES,
    "pipe-ends": PROCESSES,
    "shared-dict-count": PROCESSES,
    "dict-transfer": PROCESSES,
    "private-list": PROCESSES,
    "list-check-append": PROCESSES,
    "list-splice": PROCESSES,
    "pool-callback": PROCESSES,
}


def cells(matrix):
    """(primitive, its header, way, names) of each cell."""
    for primitive, (header, *ways) in matrix.items():
        for way, names in zip(WAYS, ways, strict=True):
            yield primitive, header, way, names


def judge(used, matrix, later):
    """What is wrong with the matrix, as lines. used: the headers of ours by name of scenario."""
    wrong = []
    for primitive, header, way, names in cells(matrix):
        cell = f"{primitive}, {way}"
        if not names:
            wrong.append(f"{cell}: empty")
        for name in names:
            there = name in used
            if there and header not in used[name]:
                wrong.append(f"{cell}: {name} has no variant on <ilv/{header}.h>")
            if not there and name not in later:
                wrong.append(f"{cell}: {name} is neither there nor waiting")
    named = {name for *_, names in cells(matrix) for name in names}
    wrong += [f"{name} waits for {later[name]}, and is there" for name in later if name in used]
    wrong += [f"{name} waits for a cell that does not name it" for name in later if name not in named]
    return wrong


def headers_used(root):
    """The headers of ours that the variants of each scenario include, by its name."""
    used = {}
    for folder, scenario in catalogue.manifests(root):
        for variant in scenario["variants"].values():
            used.setdefault(scenario["name"], set()).update(includes(f"{folder}/{variant['source']}", root))
    return used


def main():
    used = headers_used(sys.argv[1])
    for primitive, _, way, names in cells(MATRIX):
        told = [name if name in used else f"{name} (waits for {LATER.get(name, '?')})" for name in names]
        print(f"{primitive:15} {way:14} {', '.join(told)}")
    wrong = judge(used, MATRIX, LATER)
    if wrong:
        catalogue.fail("\n".join(wrong))


if __name__ == "__main__":
    main()
