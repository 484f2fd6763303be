# SPDX-License-Identifier: MIT
"""What mutants are tried with: programs of tests/primitives, built from a copy of the sources, and
their tests, each with a limit of time. See mutants.py."""
import collections
import os
import pathlib
import platform
import re
import shutil
import signal
import subprocess
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
TESTS = ROOT / "tests/primitives"
LEAST_SECONDS = 3  # of a limit
TIMES = 20         # what the unchanged sources took

KINDS = ["test_locks.c", "test_mutex.c", "test_rlock.c", "test_rwlock.c", "test_condition.c",
         "test_event.c", "test_semaphore.c", "test_barrier.c", "test_once.c"]
LOCKS = ["conformance_main.c", "actors.c", "sanitizers.c", *KINDS]
MEMORY = ["memory_main.c", "actors.c", "sanitizers.c", "test_arena.c", "test_attach.c",
          "test_value.c", "test_array.c", "test_dict.c", "test_list.c"]
TASKS = ["tasks/conformance_main.c", "actors.c", "sanitizers.c", "tasks/steps.c",
         "tasks/others.c", "tasks/pools.c", "tasks/test_queue.c", "tasks/test_pool.c",
         "tasks/test_pool_full.c"]
PROCESS = ["tasks/main.c", "sanitizers.c", "tasks/steps.c", "tasks/others.c", "tasks/stops.c",
           *(f"tasks/test_{name}.c" for name in ("process", "process_end", "starts", "leaving", "pipe",
                                                 "pipe_kept", "death", "takers", "pool_death"))]
COROUTINES = [f"coroutines/{name}.c" for name in (
    "main", "steps", "test_coroutine", "test_coroutine_stack", "test_loop", "test_task",
    "test_task_mutex")]
KILLS = [f"kills/{name}.c" for name in (
    "campaign", "actor", "usage", "locks", "waits", "memory", "queue", "processes")]
SWITCH = ["-DILV_PROCESSES"]
# name: (sources, flags, how its tests are named: cunit lists them, else lists of arguments)
PROGRAMS = {
    "threads": ([*LOCKS, "test_thread.c", "test_fork.c"], [], "cunit"),
    "processes": ([*LOCKS, "test_death_locks.c", "test_death_waits.c"], SWITCH, "cunit"),
    "robust": (["test_robust.c", "actors.c", "sanitizers.c", "tasks/steps.c"],
               [*SWITCH, "-I", str(TESTS), "-I", str(ROOT / "primitives/src")], "cunit"),
    "memory_threads": (MEMORY, [], "cunit"),
    "memory_processes": (MEMORY, SWITCH, "cunit"),
    "deaths": (["deaths_main.c", "deaths.c", "stage.c", "test_deaths.c"], [], "cunit"),
    "kills": (["kills_main.c", "test_kills.c"], ["-DKILLS=200"], "cunit"),
    "sync_kills": (KILLS, [],
                   [["200", kind] for kind in ("mutex", "rlock", "rwlock", "condition", "event",
                                               "semaphore", "bounded_semaphore", "barrier", "once")]),
    "memory_kills": (KILLS, [],
                     [["200", kind] for kind in ("arena", "value", "array", "dict", "list")]),
    "queue_kills": (KILLS, [],
                    [["200", kind] for kind in ("queue_fifo", "queue_fifo_take", "queue_lifo",
                                                "queue_priority_take")]),
    "tasks_threads": (TASKS, [], "cunit"),
    "tasks_processes": (TASKS, SWITCH, "cunit"),
    "tasks": (PROCESS, [], "cunit"),
    "coroutines": (COROUTINES, [], "cunit"),
}
# Those in sandbox/ are added: every correct program there is hunted through, its races too.
HUNTS = sorted(path.stem for path in (TESTS / "sandbox").glob("*.c"))
IDLE = {f"sandbox_{name}" for name in HUNTS
        if "/* clock: idle */" in (TESTS / f"sandbox/{name}.c").read_text()}
for hunted in HUNTS:
    PROGRAMS[f"sandbox_{hunted}"] = ([f"sandbox/{hunted}.c"], ["-DFAULT=0"], "hunt")
HERE = pathlib.Path(__file__).resolve().parent
WEAK = ["-include", str(HERE / "weak.h")]
# Of weak.c: nothing that copies or clears is a call.
INLINE = ["-O1", *(f"-mmem{which}-strategy=rep_8byte:-1:noalign" for which in ("cpy", "set"))]

LOCK_FILES = r"barrier|bounded|condition|deadline|event|inherited|mutex|once|park|rlock|rwlock|self|semaphore|thread"
MEMORY_FILES = r"arena|array|dict|heap|items|list|memory|object|undo|value"
# What a file is tried with, the cheapest first: programs, and which of sandbox/.
PLANS = [
    (r"coroutine|loop|stack|task", ["coroutines"], ["coroutines", "loop"]),
    (MEMORY_FILES, ["memory_threads", "memory_processes", "memory_kills", "kills", "deaths"],
     ["memory"]),
    (r"robust", ["robust", "threads", "processes", "sync_kills"], []),
    (LOCK_FILES, ["threads", "processes", "sync_kills"],
     ["signals", "crowd", "groups", "locks", "readers", "condition", "thread"]),
    (r"queue", ["tasks_threads", "tasks_processes", "queue_kills", "tasks"],
     ["queue", "queue_timed"]),
    (r"pool", ["tasks_threads", "tasks_processes", "tasks"], ["pool"]),
    (r"", ["tasks", "tasks_processes"], []),
]
TSAN = {"threads", "memory_threads", "tasks_threads", "tasks"}
STEPPED = "_wherever_"  # killed after each instruction, of which ThreadSanitizer makes too many
WEAKENED = {"order", "wake", "while", "lock"}
RUNS = {"sandbox": "300", "weak": "1000"}


def plan_of(change):
    """The stages for a change."""
    programs, hunts = next(plan[1:] for plan in PLANS if re.match(plan[0], change.file))
    stages = [("plain", program) for program in programs]
    tsan = [("tsan", program) for program in programs if program in TSAN]
    weak = [("weak", f"sandbox_{name}") for name in hunts if change.kind in WEAKENED]
    hunts = [("sandbox", f"sandbox_{name}") for name in hunts]
    if change.kind == "order":
        return hunts + tsan + weak
    deaths = [stage for stage in stages if stage[1] == "deaths"]
    first = [stage for stage in stages if stage not in deaths]
    first += tsan if change.kind == "lock" else []
    return first + hunts + weak + (deaths if change.kind == "repair" else [])


Case = collections.namedtuple("Case", "variant program arguments")


class Variant:
    """A compiler, and what nobody changes compiled by it once."""

    def __init__(self, name, compiler, place):
        self.name, self.compiler, self.place = name, compiler, place / name
        self.place.mkdir(parents=True)
        self.linker, self.more = compiler, []  # of every program
        self.flags = [*compiler, "-std=gnu11", "-D_GNU_SOURCE", "-g", "-O1", "-w", "-fPIC", "-pthread",
                      "-I", str(ROOT / "primitives/include")]
        self.objects = {}  # of the library, by source
        self.tests = {}    # of the programs

    def compile(self, source, to, *flags):
        command = [*self.flags, *flags, "-c", str(source), "-o", str(to)]
        return subprocess.run(command, stderr=subprocess.PIPE, check=False, text=True)

    def must_compile(self, source, to, *flags):
        done = self.compile(source, to, *flags)
        if done.returncode != 0:
            raise SystemExit(f"mutants.py: {source} does not compile by {self.name}:\n{done.stderr}")
        return str(to)

    def prepare_library(self):
        if self.objects:
            return
        sources = ROOT / "primitives/src"
        machine = f"machine/{platform.machine()}.S"
        machine = machine if (sources / machine).exists() else "machine/ucontext.c"
        for path in sorted([*sources.glob("*.c"), *sources.glob(machine)]):
            name = str(path.relative_to(sources))
            to = self.place / (name.replace("/", "_") + ".o")
            self.objects[name] = self.must_compile(path, to)

    def prepare(self, program, defines):
        """The objects of a program's own sources."""
        self.prepare_library()
        sources, flags, kind = PROGRAMS[program]
        support = ROOT / "tests/support"
        if program not in self.tests:
            paths = [TESTS / name for name in sources] + (
                [support / "ilv_test.c"] if kind == "cunit" else [])
            self.tests[program] = [
                self.must_compile(path, self.place / f"{program}-{path.stem}.o", *flags, *defines,
                                  "-I", str(support), "-I", str(ROOT / "tests/sandbox"))
                for path in paths]
        return kind

    def link(self, program, objects, to):
        more = ["-lm", "-lcunit"] if PROGRAMS[program][2] == "cunit" else []
        command = [*self.linker, "-g", "-pthread", *self.tests[program], *objects, *self.more, *more,
                   "-o", str(to)]
        done = subprocess.run(command, stderr=subprocess.PIPE, check=False, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{program} cannot be linked by {self.name}:\n{done.stderr}")


running = set()


def stop():
    """Ends all that run."""
    for child in list(running):
        end(child)


def end(child):
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def run(command, seconds, place):
    """(exit status or None for a hang, what it said)"""
    environment = {**os.environ, "TSAN_OPTIONS": "exitcode=66 die_after_fork=0"}
    with subprocess.Popen(command, cwd=place, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, start_new_session=True, env=environment) as child:
        running.add(child)
        try:
            said, _ = child.communicate(timeout=seconds)
            status = child.returncode
        except subprocess.TimeoutExpired:
            said, status = b"", None
        finally:
            end(child)
            running.discard(child)
    return status, said.decode(errors="replace")


class Trials:
    """Everything that is needed to try a change; several threads may use it at a time."""

    def __init__(self, place, interleave):
        self.place, self.interleave = place, interleave
        compilers = {"plain": ["gcc"], "tsan": ["clang", "-fsanitize=thread"],
                     "sandbox": [interleave, "cc", "--quiet"], "weak": ["gcc", *WEAK]}
        self.variants = {name: Variant(name, c, place / "built") for name, c in compilers.items()}
        self.make_weak()
        self.cases = {}
        self.limits = {}  # of the cases, in seconds; 0: it fails unchanged
        self.measuring = threading.Lock()

    def make_weak(self):
        """The words of weak programs, and their points for the sandbox."""
        plain, sandbox, weak = (self.variants[name] for name in ("plain", "sandbox", "weak"))
        weak.linker = sandbox.compiler
        weak.more = [plain.must_compile(HERE / "weak.c", weak.place / "weak.o", *INLINE),
                     sandbox.must_compile(HERE / "weak_touch.c", weak.place / "weak_touch.o")]

    def command(self, case, folder):
        program = str(folder / f"{case.variant}-{case.program}")
        if PROGRAMS[case.program][2] == "hunt":
            more = ["--races", "allow"] if case.variant == "weak" else []
            more += ["--clock", "idle"] if case.program in IDLE else []
            return [self.interleave, "hunt", "--quiet", *more, "--seconds", "0", "--runs",
                    RUNS[case.variant], "--", program]
        return [program, *case.arguments]

    def peer(self):
        """The program that attaches to arenas, unchanged."""
        plain, to = self.variants["plain"], self.place / "arena_peer"
        plain.prepare_library()
        own = plain.must_compile(TESTS / "arena_peer.c", plain.place / "arena_peer.o")
        plain.tests["arena_peer"] = [own]
        PROGRAMS["arena_peer"] = ([], [], [])
        plain.link("arena_peer", list(plain.objects.values()), to)
        return to

    def prepare(self, stages):
        """Builds the unchanged programs and asks for their tests."""
        peer = self.peer()
        for stage in stages:
            variant = self.variants[stage[0]]
            kind = variant.prepare(stage[1], [f'-DARENA_PEER="{peer}"'])
            program = variant.place / "-".join(stage)
            variant.link(stage[1], list(variant.objects.values()), program)
            lists = [[]] if kind == "hunt" else kind
            if kind == "hunt" and run([self.interleave, "hunt", "--quiet", "--runs", "1", "--",
                                       str(program)], 600, self.place)[0] not in (0, 1):
                raise SystemExit(f"mutants.py: {self.interleave} cannot run programs")
            if kind == "cunit":
                lists = [[name] for name in run([str(program), "--list"], 60, self.place)[1].split()]
            self.cases[stage] = [Case(*stage, tuple(arguments)) for arguments in lists]

    def limit(self, case):
        """So many times what the case takes unchanged; 0 if it fails then."""
        with self.measuring:
            if case not in self.limits:
                start = time.monotonic()
                status, _ = run(self.command(case, self.variants[case.variant].place), 600, self.place)
                took = time.monotonic() - start
                self.limits[case] = max(LEAST_SECONDS, TIMES * took) if status == 0 else 0
                if status not in (0, 77):
                    print(f"not used, as it fails unchanged: {' '.join(case[:2] + case.arguments)}",
                          flush=True)
            return self.limits[case]

    def cases_of(self, change):
        """In order: the suites of the file first, and no others of the compilers for which only the
        orders differ."""
        word = re.sub(r"_.*|\.[ch]$", "", change.file).replace("watch", "process")
        for stage in plan_of(change):
            cases = [c for c in self.cases[stage] if stage[0] != "tsan" or STEPPED not in str(c.arguments)]
            ours = [c for c in cases if word in " ".join([c.program, *c.arguments])]
            yield from ours
            few = change.kind == "order" or stage[0] == "tsan" or stage[1] in ("deaths", "sync_kills")
            if not ours or not few:
                yield from (c for c in cases if c not in ours)

    def built(self, change, variant, folder):
        """Objects with the mutated source in `folder`/src; None if it does not compile."""
        name = change.file
        if not name.endswith(".h"):
            changed = [name]
        else:
            changed = includers(folder / "src", name)
        objects = dict(variant.objects)
        for source in changed:
            to = folder / f"{variant.name}-{source.replace('/', '_')}.o"
            if variant.compile(folder / "src" / source, to).returncode != 0:
                return None
            objects[source] = str(to)
        return list(objects.values())

    def verdict(self, source, change, folder, stopping):
        """What kills the change, or "" if it survives."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(ROOT / "primitives/src", folder / "src")
        (folder / "src" / change.file).write_text(source.mutated(change))
        objects, linked = {}, set()
        for case in self.cases_of(change):
            if stopping.is_set():
                break
            variant = self.variants[case.variant]
            if case.variant not in objects:
                objects[case.variant] = self.built(change, variant, folder)
            if objects[case.variant] is None:
                raise RuntimeError(f"{change.file}:{change.line} {change.what}: does not compile")
            if case[:2] not in linked:
                variant.link(case.program, objects[case.variant],
                             folder / f"{case.variant}-{case.program}")
                linked.add(case[:2])
            how = self.failure(case, folder)
            if how:
                return how
        return ""

    def failure(self, case, folder):
        seconds = self.limit(case)
        if not seconds:
            return ""
        status, said = run(self.command(case, folder), seconds, folder)
        where = " ".join([case.variant, case.program, *case.arguments])
        if status == 0:
            return ""
        if status is None:
            unchanged = run(self.command(case, self.variants[case.variant].place), seconds, folder)
            return f"{where}: hangs" if unchanged[0] == 0 else ""
        if PROGRAMS[case.program][2] == "hunt":
            found = re.search(r"FOUND ([\w-]+)", said)
            return f"{where}: {found[1] if found else 'fails'}"
        if status == 66:
            return f"{where}: data race"
        return f"{where}: " + ("fails" if status > 0 else f"signal {-status}")


def includers(folder, header):
    """The sources that include the header, by way of others too."""
    texts = {str(p.relative_to(folder)): p.read_text() for p in folder.rglob("*.[ch]")}
    headers, grown = {header}, True
    while grown:
        grown = False
        for name, text in texts.items():
            if name not in headers and any(re.search(rf'"(\.\./)?{h}"', text) for h in headers):
                headers.add(name)
                grown = True
    return sorted(name for name in headers if name.endswith(".c"))
