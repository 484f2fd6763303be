# SPDX-License-Identifier: MIT
"""test_other_witness.py ROOT BUILD INTERLEAVE: a witness speaks of one variant of one scenario.

Each witness is replayed with the program of the next one under the name that it asks for, and is
refused in one line. With its own program it fails again: replay_witness.py.
"""
import os
import sys

import catalogue
from sandbox import Sandbox


def main():
    root, build, interleave = sys.argv[1:4]
    buggy = [(scenario, name, variant) for scenario, name, variant in catalogue.variants(root, [])
             if variant["verdict"] != "ok" and catalogue.has_witness(variant)]
    wrong = []
    for mine, other in zip(buggy, buggy[1:] + buggy[:1]):
        scenario, name, variant = mine
        witness = os.path.abspath(os.path.join(root, scenario["family"], scenario["name"],
                                               variant["witness"]))
        with Sandbox(interleave, build, scenario, name, variant) as box:
            link = os.path.join(box.folder, box.program)
            os.unlink(link)
            os.symlink(os.path.abspath(catalogue.executable(build, other[0], other[1])), link)
            status, _, _ = box.call("replay", witness)
            built_from = f"scenarios/{other[0]['family']}/{other[0]['name']}/{other[1]}.c"
            line = (f"interleave: {witness}: a witness of {box.source}, and ./{box.program} was "
                    f"built from {built_from}; replay it with the variant that it was made for\n")
            if status != 2 or f"\n{line}(exit status 2)" not in box.said:
                wrong.append(f"{box.said}\ninstead of\n{line}")
    if wrong or len(buggy) < 2:
        catalogue.fail("\n\n".join(wrong))
    print(f"{len(buggy)} witnesses, each refused with another program")


main()
