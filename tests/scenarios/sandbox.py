# SPDX-License-Identifier: MIT
"""Scenarios in the sandbox: hunts and replays through the command, as a user would do it.

Each hunt works in a folder of its own where the variant is a link, so that schedules say
`program ./<variant>` wherever the build lies.
"""
import json
import os
import re
import subprocess
import tempfile

import catalogue

FOUND = re.compile(r"FOUND (\S+)(?: \((\S+)\))? in run (\d+): (.+\.sched)")
AGAIN = re.compile(r"FAILED AGAIN as recorded: (\S+)(?: \((\S+)\))? after (\d+) steps"
                   r"(?:, the same in (\d+) replays)?")
NOTHING = re.compile(r"NO FAILURE in (\d+) runs? \(not a proof\): (\d+) distinct behaviours?")


OTHER = {"fiber": "baton", "baton": "fiber"}


def backends():
    """The backends that a schedule is replayed by: the one under test, then the other one."""
    tested = os.environ.get("ILV_BACKEND", "")
    return [tested] + ([OTHER[tested]] if tested in OTHER else [])


class Wrong(Exception):
    """What a test found wrong, in one paragraph."""


class Sandbox:
    """The command, and the folder in which one variant is hunted."""

    def __init__(self, command, build, scenario, variant_name, variant, folder=None):
        """folder: the scenario's, for demonstrations: what they must write is a file there."""
        self.command = os.path.abspath(command)
        self.alone = scenario["threads"] * scenario["processes"] == 1
        self.name = f"{scenario['name']}/{variant_name}"
        self.source = f"{scenario['family']}/{self.name}"
        self.program = variant_name
        self.variant = variant
        self.expected = (["--expect", os.path.abspath(os.path.join(folder, variant["expected"]))]
                         if catalogue.is_demonstration(variant) else [])
        suffix = ".cc" if catalogue.by_cc(scenario, variant_name) else ""
        self.binary = os.path.abspath(
            catalogue.executable(build, scenario, variant_name, suffix))
        self.folder = None

    def __enter__(self):
        if not os.path.exists(self.binary):
            catalogue.skip(f"{self.source} is not built by interleave cc here")
        self._temporary = tempfile.TemporaryDirectory(prefix="ilv-scenario-")
        self.folder = self._temporary.name
        os.symlink(self.binary, os.path.join(self.folder, self.program))
        return self

    def __exit__(self, *_):
        self._temporary.cleanup()

    def call(self, *arguments):
        """(exit status, standard output, its last line) of `interleave arguments`."""
        done = subprocess.run([self.command, *arguments], cwd=self.folder, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False)
        lines = done.stdout.rstrip("\n").split("\n")
        self.said = (f"$ interleave {' '.join(arguments)}\n{done.stdout}{done.stderr}"
                     f"(exit status {done.returncode})")
        return done.returncode, done.stdout, lines[-1]

    def hunt(self, seed, runs):
        return self.call("hunt", "--seed", str(seed), "--runs", str(runs), "--seconds", "0",
                         *self.variant["options"], *self.expected, "--", f"./{self.program}")

    def expect(self, condition, message):
        if not condition:
            raise Wrong(f"{self.name}: {message}\n{self.said}")

    def kinds(self):
        """The kinds that the finding may have; empty text: none."""
        kind = self.variant.get("kind", "")
        return [kind] if isinstance(kind, str) else kind

    def check_told(self, text):
        """The report names what the manifest says that it must."""
        for word in [self.variant["where"], *self.variant["objects"]]:
            self.expect(word in text, f"the report does not speak of {word}")

    def find(self, seed):
        """Hunts the bug of the variant; returns (run that found it, schedule's name)."""
        budget = self.variant["budget_runs"]
        status, text, last = self.hunt(seed, budget)
        match = FOUND.fullmatch(last)
        self.expect(match, f"nothing found with seed {seed} in {budget} runs")
        verdict, kind, run, path = match.groups()
        wanted = self.variant["verdict"]
        self.expect(status == 1, f"exit status {status} with a finding")
        self.expect(verdict == wanted, f"found {verdict}, the manifest says {wanted}")
        self.expect((kind or "") in self.kinds(), f"kind {kind}, the manifest says {self.kinds()}")
        self.expect(int(run) < budget, f"run {run} of {budget}")
        self.check_told(text)
        return int(run), path

    def replay(self, path, backends, times=1):
        """Replays a schedule so many times by each of `backends` (empty: as the schedule says):
        each time the same failure, told in the same words."""
        told = set()
        for backend in backends:
            choice = ["--backend", backend] if backend else []
            count = ["--times", str(times)] if times > 1 else []
            status, text, last = self.call("replay", *choice, *count, path)
            match = AGAIN.fullmatch(last)
            self.expect(status == 1 and match, f"{path} does not replay")
            verdict, kind, _, same = match.groups()
            self.expect(verdict == self.variant["verdict"], f"the replay found {verdict}")
            self.expect((kind or "") in self.kinds(), f"the replay found the kind {kind}")
            self.expect(int(same or 1) == times, f"{same} replays, not {times}")
            told.add(text)
        self.expect(len(told) == 1, "replays of one schedule were told differently")
        self.check_told(text)

    def same_traces(self, path, backends):
        """Plays a schedule back once by each of `backends`: the same trace, byte by byte."""
        first = None
        for backend in backends:
            choice = ["--backend", backend] if backend else []
            status, text, _ = self.call("show", *choice, "--json", "-", path)
            self.expect(status == 0, f"{path} cannot be shown")
            if first is None:
                first = text
                self.expect(json.loads(text)["timeline"], "an empty trace")
            self.expect(text == first, f"{path}: two traces of one schedule differ")

    def clean(self, seed, runs):
        """Hunts a variant in which nothing is to be found; returns how many behaviours there were."""
        status, _, last = self.hunt(seed, runs)
        match = NOTHING.fullmatch(last)
        self.expect(status == 0 and match, "something was found, and nothing is to be found")
        self.expect(int(match.group(1)) == runs, f"{match.group(1)} runs of {runs}")
        behaviours = int(match.group(2))
        self.expect(self.alone or behaviours > 1, "one behaviour only: nothing was interleaved")
        return behaviours
