# SPDX-License-Identifier: MIT
"""hunt_scenario.py ROOT BUILD INTERLEAVE SCENARIO [--seeds N] [--size-seeds N]
                 [--replays N] [--fixed-runs N]

Hunts every variant of a scenario: with seeds 1 to N, none left out (of a bug in several sizes with
1 to --size-seeds), each bug must be found as its manifest says, within its budget; where it is a
data race with a broken outcome, that must be found as well. A hunt replays what it finds before it
says so; the schedules of the first seeds (--replays) are replayed by both backends here. Each fix
must be clean, and so must a bug that the manifest calls unseen; each demonstration must write what is
expected in every run. One that it calls beyond the
strategies is not hunted: it may be found, or not. Prints a table.
"""
import argparse
import statistics

import catalogue
from sandbox import Sandbox, Wrong, backends


def hunt_buggy(box, given, seeds):
    runs = []
    for seed in range(1, seeds + 1):
        run, path = box.find(seed)
        if seed <= given.replays:
            box.replay(path, backends())
        runs.append(run + 1)
    return (f"{box.name:42} {box.variant['verdict']:12} found with seeds 1 to {seeds}: "
            f"median run {statistics.median(runs):g}, last {max(runs)}")


def hunt_silent(box, runs):
    why = box.variant["verdict"] if catalogue.is_right(box.variant) else "unseen"
    return f"{box.name:42} {why:12} {runs} runs clean, {box.clean(1, runs)} behaviours"


def hunt(box, given, seeds):
    if "beyond" in box.variant:
        return f"{box.name:42} not hunted: {box.variant['beyond']}"
    return (hunt_silent(box, given.fixed_runs) if catalogue.is_silent(box.variant)
            else hunt_buggy(box, given, seeds))


def main():
    parser = argparse.ArgumentParser()
    for name in ("root", "build", "interleave", "scenario"):
        parser.add_argument(name)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--size-seeds", type=int, default=1)
    parser.add_argument("--replays", type=int, default=1)
    parser.add_argument("--fixed-runs", type=int, default=250)
    given = parser.parse_args()
    wrong = []
    for scenario, name, variant in catalogue.variants(given.root, [given.scenario]):
        folder = catalogue.folder_of(given.root, scenario)
        seeds = given.size_seeds if name in catalogue.sizes(scenario) else given.seeds
        for way in catalogue.ways(variant):
            with Sandbox(given.interleave, given.build, scenario, name, way, folder) as box:
                try:
                    print(hunt(box, given, seeds), flush=True)
                except Wrong as problem:
                    wrong.append(str(problem))
    if wrong:
        catalogue.fail("\n\n".join(wrong))


main()
