# SPDX-License-Identifier: MIT
"""What the scenario tests share: the manifests, and programs run so that a hang is proved.

A program hangs when, in two looks at all of its threads, each was asleep both times and none had
run in between. Such a program can only be woken from outside, and nobody is outside: no clock
decides, however busy the machine is. (Scenarios neither sleep nor wait for input. Demonstrations may
sleep, and are not looked at.)
"""
import json
import os
import re
import subprocess
import sys
import time

SKIPPED = 77
SUPPRESSIONS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "primitives",
                            "valgrind.supp")
LOOK = 0.01
NET = 120.0


def manifests(root):
    """Every scenario of the folder `root`: (folder, manifest), in order of path."""
    found = []
    for folder, _, files in sorted(os.walk(root)):
        if "scenario.json" in files:
            with open(os.path.join(folder, "scenario.json"), encoding="utf-8") as file:
                found.append((folder, json.load(file)))
    return found


def variants(root, names=()):
    """(scenario, variant name, variant) of every variant, or of the named scenarios only."""
    for _, scenario in manifests(root):
        if names and scenario["name"] not in names:
            continue
        for name, variant in scenario["variants"].items():
            yield scenario, name, variant


def ways(variant):
    """What a variant is hunted for: its finding, and where that is a data race, the broken outcome
    that shows when data races are ignored. Each is a variant of its own."""
    outcome = variant.get("outcome")
    return [variant] + ([{**variant, "kind": "", "objects": [], **outcome}] if outcome else [])


def sizes(scenario):
    """The variants that are one bug in several sizes: their names end with the size."""
    return [name for name in scenario["variants"] if re.search(r"-\d+$", name)]


def on_ilv(scenario, name):
    """The variant stands on our primitives: all do, or its name says so."""
    return scenario["built_on"] == "ilv" or re.match(r"\w+-ilv(-|$)", name) is not None


def by_cc(scenario, name):
    """What is hunted of the variant is built by interleave cc."""
    return "cc" in (scenario.get("built_with"), scenario["variants"][name].get("built_with"))


def is_demonstration(variant):
    return variant["verdict"] == "demonstration"


def is_right(variant):
    """It has no bug."""
    return variant["verdict"] == "ok" or is_demonstration(variant)


def is_silent(variant):
    """Nothing is to be found: it is right, or its bug is out of reach so far."""
    return is_right(variant) or "unseen" in variant


def has_witness(variant):
    """It has a bug, and one that hunts find."""
    return not is_silent(variant) and "beyond" not in variant


def folder_of(root, scenario):
    return os.path.join(root, scenario["family"], scenario["name"])


def executable(build, scenario, variant, suffix=""):
    return os.path.join(build, scenario["family"], scenario["name"], variant + suffix)


def _threads(pid):
    """What each thread of pid does: {tid: (state, times it was switched to)}."""
    threads = {}
    folder = f"/proc/{pid}/task"
    for tid in os.listdir(folder):
        with open(f"{folder}/{tid}/status", encoding="ascii", errors="replace") as file:
            lines = dict(line.split(":", 1) for line in file if ":" in line)
        threads[tid] = (lines["State"].split()[0], lines["voluntary_ctxt_switches"].strip(),
                        lines["nonvoluntary_ctxt_switches"].strip())
    return threads


def _look(pid, own):
    """The threads of pid if all of them sleep, else None. own: how many made for itself by the
    tool that pid runs under, right after the first; these do not count."""
    try:
        threads = _threads(pid)
    except OSError:
        return None
    for tid in sorted(threads, key=int)[1:1 + own]:
        del threads[tid]
    asleep = threads and all(state == "S" for state, _, _ in threads.values())
    return threads if asleep else None


def run(command, environment=None, own=0, sleeps=False):
    """Runs command to its end or its proved hang: ("exit", status), ("signal", n) or ("hang", 0),
    and what it wrote. sleeps: it may, and only a very long run is a hang."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, env=environment) as process:
        last = None
        limit = time.monotonic() + NET
        while True:
            try:
                process.wait(NET if sleeps else LOOK)
                break
            except subprocess.TimeoutExpired:
                now = _look(process.pid, own)
                if (now is not None and now == last) or time.monotonic() > limit:
                    process.kill()
                    text = process.communicate()[0]
                    return ("hang", 0), text.decode("utf-8", "replace")
                last = now
        text = process.stdout.read().decode("utf-8", "replace")
    status = process.returncode
    return (("signal", -status) if status < 0 else ("exit", status)), text


def _environment(**more):
    return {**os.environ, **more}


# Reports are counted and not read: without the names of inlined functions valgrind starts sooner.
VALGRIND = ("--error-exitcode=99", "--read-inline-info=no")

# How each checker is run, what a report of it looks like, and how many threads are its own.
CHECKERS = {
    "tsan": ([], _environment(TSAN_OPTIONS="exitcode=66 symbolize=0 atexit_sleep_ms=0"), "WARNING: ThreadSanitizer", 1),
    "helgrind": (["valgrind", "--tool=helgrind", *VALGRIND], None,
                 r"ERROR SUMMARY: [1-9]", 0),
    "drd": (["valgrind", "--tool=drd", *VALGRIND], None, r"ERROR SUMMARY: [1-9]", 0),
}


def run_under(checker, build, scenario, variant):
    """One run under a checker: (how it ended, whether it reported, what it wrote)."""
    command, environment, report, own = CHECKERS[checker]
    suffix = ".tsan" if checker == "tsan" else ""
    program = executable(build, scenario, variant, suffix)
    if command and on_ilv(scenario, variant):
        command = command + [f"--suppressions={SUPPRESSIONS}"]
    sleeps = is_demonstration(scenario["variants"][variant])
    how, text = run(command + [program], environment, own, sleeps)
    return how, re.search(report, text) is not None, text


def count_failures(program, runs):
    """How many of so many runs fail, and how: {"hang": 2, ...}."""
    ways = {}
    for _ in range(runs):
        (how, value), _ = run([program])
        if (how, value) != ("exit", 0):
            key = how if how == "hang" else f"{how} {value}"
            ways[key] = ways.get(key, 0) + 1
    return sum(ways.values()), ways


def fail(message):
    print("FAIL:", message)
    sys.exit(1)


def skip(message):
    print("SKIPPED:", message)
    sys.exit(SKIPPED)
