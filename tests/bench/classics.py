# SPDX-License-Identifier: MIT
"""classics.py ROOT BUILD INTERLEAVE [NAME...]: how soon each strategy finds the classics.

For every classic and strategy: in which run the bug was found, the mean and the worst over seeds 1 to
N (--seeds) of at most --limit runs each, and runs a second. Beside them stands what is published of
the best C and C++ tool with a preload scheduler: the mean of the best of its strategies, that of its
random walk, its highest runs a second (same limit, 20 trials, another machine).

A data race ends a run at once, and would be found in the first; here races are ignored, and the broken
outcome is sought, as it is in the published numbers. When none of the first seeds finds anything
(--patience), the others are left out. All but the rates is the same in every run of this program.

Fails when the default strategy misses a bug with any seed, unless the manifest excuses it: it calls
the bug beyond the strategies, or asks for the data race only. Fails as well when a hunt ends with
anything but what was sought or nothing.
"""
import argparse
import os
import statistics
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "scenarios"))
import catalogue  # noqa: E402
from sandbox import FOUND, Sandbox  # noqa: E402

DEFAULT = "default"
RATE_RUNS = 1000

# The published name, the variant, and the means of the best strategy and of the random walk (None:
# never found), the rate.
PUBLISHED = [
    ("account", "account/buggy", 2, 18, 289),
    ("bluetooth-driver", "bluetooth-driver/buggy", 36, 215, 345),
    ("bounded-buffer", "bounded-buffer/buggy", 5, 7, 140),
    ("circular-buffer", "circular-buffer/buggy", 2, 4, 218),
    ("lazy01", "lazy01/buggy", 1, 21, 366),
    ("queue", "queue/buggy", 1, 1, 134),
    ("reorder-3", "reorder/buggy-3", 6, None, 379),
    ("reorder-4", "reorder/buggy-4", 6, None, 311),
    ("reorder-5", "reorder/buggy-5", 9, None, 274),
    ("reorder-10", "reorder/buggy-10", 16, None, 202),
    ("reorder-20", "reorder/buggy-20", 5, None, 127),
    ("reorder-50", "reorder/buggy-50", 12, None, 55),
    ("reorder-100", "reorder/buggy-100", 193, None, 31),
    ("safestack", "safestack/buggy", 400474, None, 70),
    ("stack", "stack/buggy", 2, 176, 184),
    ("string-buffer", "string-buffer/buggy", 7, 2630, 245),
    ("token-ring", "token-ring/buggy", 7, 13, 324),
    ("twostage", "twostage/buggy", 6, 464, 321),
    ("twostage-20", "twostage/buggy-20", 5, None, 119),
    ("twostage-50", "twostage/buggy-50", 20, None, 47),
    ("twostage-100", "twostage/buggy-100", 379, None, 25),
    ("wronglock", "wronglock/buggy", 2, 36, 198),
    ("wronglock-3", "wronglock/buggy-3", 4, 36, 242),
]


def sought(variant):
    """The variant as it is hunted here: for what breaks, not for the race that lets it."""
    if variant["verdict"] != "data-race":
        return variant
    outcome = variant.get("outcome", {"options": ["--ignore", "data-race"], "verdict": "exit-status"})
    return {**variant, **outcome}


def excused(variant):
    return "beyond" in variant or (variant["verdict"] == "data-race" and "outcome" not in variant)


def chosen(strategy):
    return [] if strategy == DEFAULT else ["--strategy", strategy]


class Other(Exception):
    """A hunt ended with something else."""


def first_found(box, strategy, seed, limit):
    """How many runs it took, or None."""
    options = [*box.variant["options"], *chosen(strategy)]
    _, _, last = box.call("hunt", "--quiet", "--seed", str(seed), "--runs", str(limit),
                          "--seconds", "0", *options, "--", f"./{box.program}")
    match = FOUND.fullmatch(last)
    if last.startswith("NO FAILURE"):
        return None
    if match is None or match.group(1) != box.variant["verdict"]:
        raise Other(f"{box.name}: {box.variant['verdict']} was sought\n{box.said}")
    return int(match.group(3)) + 1


def rate(box, strategy):
    """Runs a second, when nothing that is found stops the hunt."""
    ignored = ",".join({"data-race", box.variant["verdict"]})
    begin = time.monotonic()
    box.call("hunt", "--quiet", "--seed", "1", "--runs", str(RATE_RUNS), "--seconds", "0", "--ignore",
             ignored, *chosen(strategy), "--", f"./{box.program}")
    return RATE_RUNS / (time.monotonic() - begin)


def hunt_all(box, strategy, given, others):
    """The runs it took with each seed: numbers, or None where it was not found."""
    taken = []
    for seed in range(1, given.seeds + 1):
        try:
            taken.append(first_found(box, strategy, seed, given.limit))
        except Other as other:
            others.append(str(other))
            taken.append(None)
        if seed == given.patience and not any(taken):
            break
    return taken


def cell(taken, runs_a_second):
    """`mean worst (of so many seeds) rate`; what was not found does not count in the mean."""
    found = [runs for runs in taken if runs is not None]
    if not found:
        return f"{'never':>8} {'':>6} {f'0/{len(taken)}':>6} {runs_a_second:>6.0f}"
    share = "" if len(found) == len(taken) else f"{len(found)}/{len(taken)}"
    return f"{statistics.mean(found):>8.1f} {max(found):>6} {share:>6} {runs_a_second:>6.0f}"


def head(strategies):
    top = f"{'published':37}" + "".join(f" | {name:29}" for name in strategies)
    columns = f"{'mean':>8} {'worst':>6} {'seeds':>6} {'runs/s':>6}"
    names = f"{'':16}{'best':>7} {'random':>6} {'runs/s':>6}" + f" | {columns}" * len(strategies)
    return f"{top}\n{names}\n{'-' * len(names)}"


def measure(box, given, others):
    """The cells of one classic, and whether the default strategy missed it."""
    cells, missed = [], False
    for strategy in given.strategies:
        taken = hunt_all(box, strategy, given, others)
        cells.append(cell(taken, rate(box, strategy)))
        missed = missed or (strategy == DEFAULT and None in taken)
    return " | ".join(cells), missed


def classics(given):
    """(line's beginning, scenario, variant name, variant) of each classic that was asked for."""
    variants = {f"{scenario['name']}/{name}": (scenario, name, variant) for scenario, name, variant
                in catalogue.variants(given.root) if scenario["family"] == "classics"}
    for name, key, best, random, runs in PUBLISHED:
        if not given.names or name in given.names:
            yield (name, f"{name:16}{best:>7} {random or 'never':>6} {runs:>6}", *variants[key])


def arguments():
    parser = argparse.ArgumentParser()
    for name in ("root", "build", "interleave"):
        parser.add_argument(name)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--limit", type=int, default=10000)
    parser.add_argument("--patience", type=int, default=3)
    parser.add_argument("--strategies", type=lambda text: text.split(","),
                        default=[DEFAULT, "pct", "pos", "random"])
    return parser.parse_intermixed_args()


def main():
    given = arguments()
    missed, others = [], []
    print(head(given.strategies), flush=True)
    for name, beginning, scenario, variant_name, variant in classics(given):
        with Sandbox(given.interleave, given.build, scenario, variant_name, sought(variant)) as box:
            cells, was_missed = measure(box, given, others)
        print(f"{beginning} | {cells}", flush=True)
        if was_missed and not excused(variant):
            missed.append(name)
    if missed:
        others.append(f"not found with each seed by the default strategy: {', '.join(missed)}")
    if others:
        catalogue.fail("\n\n".join(others))


main()
