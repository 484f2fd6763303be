#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""test_structure.py STRUCTURE: makes a small tree with one fault of each kind, and one without."""
import os
import subprocess
import sys
import tempfile

SPDX = "/* SPDX-License-Identifier: MIT */\n"
LONG_BODY = "    n++;\n" * 70
MACHINE = "/" + "root" + "/x"

GOOD = {"tools/base/vec.h": SPDX, "tools/trace/trace.h": SPDX,
        "tools/trace/a.c": SPDX + '#include "vec.h"\n#include "trace.h"\nint a(void)\n{\n}\n',
        "tests/told.c": SPDX + "/* errors: " + "n " * 50 + "*/\n"}
BAD = {
    "tools/base/vec.c": (SPDX + '#include "trace.h"\n',
                         "2: base may not include trace.h of trace; see the table of rooms in the"
                         " design"),
    "tools/trace/b.c": ("int b;\n", "1: no licence line; begin with SPDX-License-Identifier: MIT"),
    "tools/trace/c.c": (SPDX + "int c; \n", "2: blanks at the end of the line; remove them"),
    "tools/trace/d.c": (SPDX + f"// {MACHINE}\n", "2: a path of one machine; make it relative"),
    "tools/trace/g.c": (SPDX + "/* " + "n " * 50 + "*/\n",
                        "2: a comment of over 100 columns; break the line"),
    "tools/trace/e.c": (SPDX + "int e;\n" * 600, "601: longer than 600 lines; divide it"),
    "tools/trace/f.c": (SPDX + "int f(int n)\n{\n" + LONG_BODY + "}\n",
                        "2: f has 73 lines, more than 70; divide it"),
}


def check(structure, files):
    with tempfile.TemporaryDirectory() as tree:
        for path, text in files.items():
            os.makedirs(os.path.join(tree, os.path.dirname(path)), exist_ok=True)
            with open(os.path.join(tree, path), "w", encoding="utf-8") as file:
                file.write(text)
        subprocess.run(["git", "init", "-q"], cwd=tree, check=True)
        subprocess.run(["git", "add", "."], cwd=tree, check=True)
        result = subprocess.run([sys.executable, structure, tree], stdout=subprocess.PIPE,
                                text=True, check=False)
        return result.returncode, [line for line in result.stdout.splitlines()
                                   if not line.startswith("note: ")], "note: " in result.stdout


def main():
    failed = 0
    cases = [(GOOD, 0, ["4 files are in shape"], None)]
    for path, (text, fault) in BAD.items():
        cases.append(({**GOOD, path: text}, 1, [f"{path}:{fault}"], path))
    for files, status, lines, path in cases:
        got_status, got, no_ctags = check(sys.argv[1], files)
        if no_ctags and path == "tools/trace/f.c":
            continue
        if (got_status, got) != (status, lines):
            failed += 1
            print(f"{path or 'the good tree'}: {got_status} {got}, expected {status} {lines}")
    return 1 if failed else 0


sys.exit(main())
