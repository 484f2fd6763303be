# SPDX-License-Identifier: MIT
"""test_native.py ROOT BUILD SCENARIO RUNS: the variants of a scenario, run plainly.

A fixed variant ends with 0 in every run. A buggy one fails in every run when its manifest says
`certain`, else in no more than one in a hundred: rare enough that a test suite would not show it.
How rare depends on what else the machine does, so only the campaign's 1,000 runs, which have it for
themselves, judge that; fewer runs report it. A demonstration is run once: it writes what is expected,
or the manifest says why it may write something else outside of the sandbox.
"""
import os
import sys

import catalogue

ALLOWED = 0.01


JUDGED = 1000


def most(runs):
    """How many failures of a rare bug are let through."""
    return int(runs * ALLOWED) if runs >= JUDGED else runs


def allowed(variant, runs):
    """(fewest, most) failures that the manifest allows in so many runs."""
    if catalogue.is_right(variant):
        return 0, 0
    if variant["rare"] == "certain":
        return runs, runs
    return 0, most(runs)


def demonstrated(root, scenario, variant, program):
    """Whether one run of a demonstration ended well and wrote what it must."""
    how, text = catalogue.run([program], sleeps=True)
    with open(os.path.join(catalogue.folder_of(root, scenario), variant["expected"]),
              encoding="utf-8") as file:
        same = text == file.read()
    print(f"{program}: {how}, it wrote\n{text}", flush=True)
    return how == ("exit", 0) and (same or variant["natively"] != "same")


def main():
    root, build, name, runs = sys.argv[1:]
    runs = int(runs)
    wrong = []
    for scenario, variant_name, variant in catalogue.variants(root, [name]):
        program = catalogue.executable(build, scenario, variant_name)
        if catalogue.is_demonstration(variant):
            if not demonstrated(root, scenario, variant, program):
                wrong.append(f"{name}/{variant_name}: not the expected output")
            continue
        failures, ways = catalogue.count_failures(program, runs)
        fewest, at_most = allowed(variant, runs)
        line = (f"{name}/{variant_name}: {failures} of {runs} plain runs failed {ways or ''} "
                f"(allowed: {fewest} to {at_most})")
        print(line, flush=True)
        if not fewest <= failures <= at_most:
            wrong.append(line)
    if wrong:
        catalogue.fail("\n".join(wrong))


main()
