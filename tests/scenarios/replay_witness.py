# SPDX-License-Identifier: MIT
"""replay_witness.py ROOT BUILD INTERLEAVE SCENARIO [--times N]: the committed witnesses replay.

A witness is bound to the source, not to the build: it must fail again in this build, N times
(which the sizes of one bug share) with the same trace, and by the other backend with the same one,
byte by byte.
"""
import argparse
import os

import catalogue
from sandbox import Sandbox, Wrong, backends


def share(scenario, name, times):
    """How often the witness of a variant is played: the sizes of one bug share the times."""
    sizes = catalogue.sizes(scenario)
    return times // len(sizes) if name in sizes else times


def main():
    parser = argparse.ArgumentParser()
    for name in ("root", "build", "interleave", "scenario"):
        parser.add_argument(name)
    parser.add_argument("--times", type=int, default=1000)
    given = parser.parse_args()
    wrong = []
    for scenario, name, variant in catalogue.variants(given.root, [given.scenario]):
        if not catalogue.has_witness(variant):
            continue
        path = os.path.abspath(os.path.join(given.root, scenario["family"], scenario["name"],
                                            variant["witness"]))
        with Sandbox(given.interleave, given.build, scenario, name, variant) as box:
            try:
                with open(path, encoding="utf-8") as file:
                    if f"\nsource {box.source}\n" not in file.read():
                        raise Wrong(f"{path} is not bound to {box.source}")
                times = share(scenario, name, given.times)
                box.replay(path, backends()[:1], times)
                box.replay(path, backends())
                box.same_traces(path, backends())
                print(f"{box.name}: {variant['witness']}: {times} identical traces")
            except (Wrong, OSError) as problem:
                wrong.append(str(problem))
    if wrong:
        catalogue.fail("\n\n".join(wrong))


main()
