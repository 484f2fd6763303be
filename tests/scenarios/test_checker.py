# SPDX-License-Identifier: MIT
"""test_checker.py ROOT BUILD SCENARIO CHECKER: what TSan, helgrind or DRD says natively.

Each variant is run once and compared with its manifest. Where the bug decides whether there is
something to see (`found`, `missed`), a run that went the other way is done again, a few times: the
manifest speaks of what the checker says of the ordinary run. A fix has one run and no second. Where
even a fix is accused on some schedules only (`depends`), the run just has to end by itself.
"""
import os
import shutil
import sys

import catalogue

TRIES = 20
REPORTED = (66, 99)  # the exit status of a checker that reported something: TSan, valgrind


def says(entry, checker, build, scenario, name):
    """Whether the checker does what the entry says, and the last run's words."""
    if entry.startswith("depends"):
        how, _, text = catalogue.run_under(checker, build, scenario, name)
        return how[0] == "exit" and how[1] in (0, *REPORTED), how, text
    wanted = entry == "found" or entry.startswith("false-alarm")
    tries = 1 if entry == "clean" else TRIES
    for _ in range(tries):
        how, reported, text = catalogue.run_under(checker, build, scenario, name)
        if reported == wanted:
            return True, how, text
    return False, how, text


def available(checker, build, scenario, name):
    if checker == "tsan":
        return os.path.exists(catalogue.executable(build, scenario, name, ".tsan"))
    return shutil.which("valgrind") is not None


def main():
    root, build, wanted_scenario, checker = sys.argv[1:]
    wrong = []
    for scenario, name, variant in catalogue.variants(root, [wanted_scenario]):
        if not available(checker, build, scenario, name):
            catalogue.skip(f"{checker} is not available")
        entry = variant["checkers"][checker]
        holds, how, text = says(entry, checker, build, scenario, name)
        what = f"{wanted_scenario}/{name}: {checker}"
        print(f"{what}: {entry}" if holds else f"{what}: not `{entry}`; it ended with {how}:\n{text}")
        if not holds:
            wrong.append(what)
    if wrong:
        catalogue.fail("the manifest is wrong about " + ", ".join(wrong))


main()
