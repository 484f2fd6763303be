# SPDX-License-Identifier: MIT
"""make_witnesses.py ROOT BUILD INTERLEAVE [SCENARIO...]: makes the witnesses anew.

Hunts each buggy variant with seed 1, binds the schedule to its source instead of to this build,
replays it, and puts it beside the scenario. A witness is only replaced by one that replays.
"""
import os
import re
import sys

import catalogue
from sandbox import Sandbox, Wrong


def bind(text, source):
    """The schedule bound to its source: without the build and the environment it was made in, and
    without the hash of the trace, in which objects are known by their place in that build."""
    lines = [line for line in text.split("\n")
             if not re.match(r"(build\*|environment\*|environment-hash|directory|trace) ", line)]
    at = next(i for i, line in enumerate(lines) if line.startswith("program "))
    lines.insert(at + 1, f"source {source}")
    return "\n".join(lines)


def make(box, folder):
    _, path = box.find(1)
    with open(os.path.join(box.folder, path), encoding="utf-8") as file:
        text = bind(file.read(), box.source)
    witness = os.path.join(box.folder, box.variant["witness"])
    with open(witness, "w", encoding="utf-8") as file:
        file.write(text)
    box.replay(witness, ["", "fiber", "baton"])
    target = os.path.join(folder, box.variant["witness"])
    with open(target + ".new", "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(target + ".new", target)


def main():
    root, build, interleave = sys.argv[1:4]
    os.environ.pop("ILV_BACKEND", None)
    wrong = []
    for scenario, name, variant in catalogue.variants(root, sys.argv[4:]):
        if not catalogue.has_witness(variant):
            continue
        folder = os.path.join(root, scenario["family"], scenario["name"])
        with Sandbox(interleave, build, scenario, name, variant) as box:
            try:
                make(box, folder)
                print(f"{box.name}: {variant['witness']}")
            except Wrong as problem:
                wrong.append(str(problem))
    if wrong:
        catalogue.fail("\n\n".join(wrong))


main()
