# SPDX-License-Identifier: MIT
"""learnt_scenario.py ROOT BUILD INTERLEAVE SCENARIO [--seeds N] [--runs N]

Is any failure lost by it that only accesses to contended memory are points? Every buggy variant of a
scenario built by interleave cc is hunted with seeds 1 to N, each time with every access a point
(--points all) and with those that are learnt: what the first hunt finds within its manifest's budget
the second one finds, too, with each seed; or, where the first one needs luck and misses it with some
seeds, with one of them. Bugs that are out of reach are not hunted. Prints a table of the runs that it
took.
"""
import argparse
import statistics

import catalogue
from sandbox import FOUND, Sandbox, Wrong


def first_found(box, seed, runs, points):
    """The number of the run that finds what the manifest says, from 1, or None."""
    options = [*box.variant["options"], "--points", points]
    _, _, last = box.call("hunt", "--quiet", "--seed", str(seed), "--runs", str(runs), "--seconds",
                          "0", *options, "--", f"./{box.program}")
    match = FOUND.fullmatch(last)
    if last.startswith("NO FAILURE"):
        return None
    box.expect(match and match[1] == box.variant["verdict"],
               f"{box.variant['verdict']} was sought with --points {points}")
    return int(match[3]) + 1


def told(runs):
    found = [run for run in runs if run is not None]
    if not found:
        return f"never in {len(runs)}"
    return f"{len(found)} of {len(runs)}, median run {statistics.median(found):g}"


def compare(box, seeds, most):
    runs = min(box.variant["budget_runs"], most)
    every = [first_found(box, seed, runs, "all") for seed in range(1, seeds + 1)]
    learnt = [first_found(box, seed, runs, "learnt") for seed in range(1, seeds + 1)]
    lost = [seed for seed in range(1, seeds + 1) if every[seed - 1] and not learnt[seed - 1]]
    lucky = None in every and any(learnt)
    print(f"{box.name:36} {box.variant['verdict']:12} all: {told(every):30} learnt: {told(learnt)}",
          flush=True)
    box.expect(lucky or not lost, f"found with --points all, and not with learnt points, by seeds {lost}")


def main():
    parser = argparse.ArgumentParser()
    for name in ("root", "build", "interleave", "scenario"):
        parser.add_argument(name)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--runs", type=int, default=10000)
    given = parser.parse_args()
    wrong = []
    for scenario, name, variant in catalogue.variants(given.root, [given.scenario]):
        if catalogue.is_silent(variant) or not catalogue.by_cc(scenario, name):
            continue
        for way in catalogue.ways(variant):
            with Sandbox(given.interleave, given.build, scenario, name, way) as box:
                try:
                    compare(box, given.seeds, given.runs)
                except Wrong as problem:
                    wrong.append(str(problem))
    if wrong:
        catalogue.fail("\n\n".join(wrong))


main()
