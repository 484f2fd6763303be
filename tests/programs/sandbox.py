# SPDX-License-Identifier: MIT
"""What tests of whole programs share: the command in a place of its own, and a search for whatever
it may have left behind."""
import os
import re
import shutil
import subprocess
import tempfile
import time

SHARED = "/dev/shm"
MARK = "ILV_TEST_PLACE"
PATIENCE = 5.0  # seconds; a net: what goes away by itself was not left behind
REPLAYED = re.compile(r"FAILED AGAIN as recorded: (.+) after \d+ steps\n")


class Wrong(Exception):
    """What a test found wrong, in one paragraph."""


class Call:
    """A finished call of the command."""

    def __init__(self, arguments, done):
        self.line = "interleave " + " ".join(arguments)
        self.status = done.returncode
        self.out = done.stdout.decode(errors="replace")
        self.err = done.stderr.decode(errors="replace")
        self.last = self.out.rstrip("\n").split("\n")[-1]

    def __str__(self):
        return f"$ {self.line}\n{self.out}{self.err}(exit status {self.status})"

    def says(self, status, out, err=""):
        """Checks everything that was said."""
        if (self.status, self.out, self.err) != (status, out, err):
            raise Wrong(f"{self}\ninstead of\n{out}{err}(exit status {status})")


def shared_objects():
    return set(os.listdir(SHARED)) if os.path.isdir(SHARED) else set()


def held():
    """Shared objects that a process has open or mapped, or whose folder holds such a one."""
    paths = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/maps", encoding="utf-8", errors="replace") as f:
                paths += re.findall(rf" ({SHARED}/\S+)", f.read())
            for fd in os.listdir(f"/proc/{pid}/fd"):
                paths.append(os.readlink(f"/proc/{pid}/fd/{fd}"))
        except OSError:
            continue
    return {path.split("/")[3] for path in paths if path.startswith(SHARED + "/")}


def orphans(known):
    """Shared objects that are new and nobody's: others on this machine may have made some, too."""
    new = shared_objects() - known
    return sorted(new - held()) if new else []


def processes(place):
    """Processes that descend from a call made in `place`: its mark is in their environment, or
    they work there."""
    mark = f"{MARK}={place}".encode()
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/environ", "rb") as f:
                marked = mark in f.read().split(b"\0")
            if marked or os.readlink(f"/proc/{pid}/cwd").startswith(place + "/"):
                with open(f"/proc/{pid}/cmdline", "rb") as f:
                    found.append(f"process {pid}: {f.read().decode(errors='replace')}")
        except OSError:
            continue
    return found


def settled(look):
    """What look() still finds after patience."""
    end = time.monotonic() + PATIENCE
    while (left := look()) and time.monotonic() < end:
        time.sleep(0.05)
    return left


class Sandbox:
    """A working directory, a temporary directory and the command."""

    def __init__(self, command, launcher=()):
        self.command = [*launcher, os.path.abspath(command)]

    def __enter__(self):
        self.place = tempfile.mkdtemp(prefix="ilv-programs-")
        self.cwd = os.path.join(self.place, "cwd")
        self.tmp = os.path.join(self.place, "tmp")
        os.mkdir(self.cwd)
        os.mkdir(self.tmp)
        self.shared = shared_objects()
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.place)

    def path(self, name):
        return os.path.join(self.cwd, name)

    def start(self, *arguments, environment=None):
        variables = dict(os.environ, TMPDIR=self.tmp, **{MARK: self.place}, **(environment or {}))
        return subprocess.Popen([*self.command, *arguments], cwd=self.cwd, env=variables,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE)

    def call(self, *arguments, environment=None, look=True):
        """One call of the command; and, if it is to `look`, that nothing of it is left."""
        before = set(os.listdir(self.cwd))
        with self.start(*arguments, environment=environment) as process:
            out, err = process.communicate()
        call = Call(arguments, subprocess.CompletedProcess(arguments, process.returncode, out, err))
        if look:
            self.nothing_left(call, before)
        return call

    def nothing_left(self, call, before):
        """Schedules may be new in the directory, and nothing else anywhere."""
        new = set(os.listdir(self.cwd)) - before
        left = sorted(name for name in new if not name.endswith(".sched"))
        left += [f"$TMPDIR/{name}" for name in os.listdir(self.tmp)]
        left += settled(lambda: processes(self.place))
        left += settled(lambda: orphans(self.shared))
        if left:
            raise Wrong(f"{call}\nleft behind: {', '.join(left)}")

    def replays(self, schedule, words):
        """The schedule fails again, in the same words."""
        call = self.call("replay", "--quiet", schedule)
        match = REPLAYED.fullmatch(call.out)
        if call.status != 1 or not match or match[1] != words:
            raise Wrong(f"{call}\ninstead of the failure {words}")


def main(test):
    """Runs a test; what is wrong is told, and ends with status 1."""
    try:
        test()
    except Wrong as wrong:
        print(wrong)
        raise SystemExit(1) from None
