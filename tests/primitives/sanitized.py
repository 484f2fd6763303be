#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""sanitized: the suites of the primitives, built with a sanitizer, and each of their tests.

    sanitized.py CMAKE ROOT BUILD SANITIZERS C-COMPILER CXX-COMPILER

Sanitizers as in -fsanitize=, the build in BUILD, where it stays. What sanitizers report goes to files,
so that a report counts also if it is made by a process that nobody asks for its status, and if the
test passed. Left out are the campaigns, what runs the same on the shared library, and the deaths of
who repairs, which step through the instructions of each repair: sanitizers make those so many that
one test takes many minutes. Exit status 77 if the compiler has no such sanitizer.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

LEFT_OUT = r"campaign|sanitized|two_deaths|[._]shared\.|\.many\.|\.hazards$"
# Each process with a second kind of stack says so once, and gcc's ucontext.c is known to its runtime.
NO_REPORT = re.compile(r"==\d+==WARNING: ASan doesn't fully support makecontext/swapcontext functions.*")
OPTIONS = {"ASAN_OPTIONS": "detect_leaks=1:detect_stack_use_after_return=1:exitcode=66",
           "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
           "TSAN_OPTIONS": "second_deadlock_stack=1"}


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


def must(*command, **more):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False, **more)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: {done.returncode}\n{done.stdout[-4000:]}")
    return done.stdout


def find(compiler, sanitizers, place):
    """Skips unless a program can be built and run."""
    source, program = place / "probe.c", place / "probe"
    source.write_text("int main(void) { return 0; }\n")
    if shutil.which(compiler) is None:
        skip(f"{compiler} is not installed")
    built = subprocess.run([compiler, f"-fsanitize={sanitizers}", str(source), "-o", str(program)],
                           capture_output=True, text=True, check=False)
    if built.returncode != 0 or subprocess.run([str(program)], check=False).returncode != 0:
        skip(f"{compiler} -fsanitize={sanitizers} makes no program that runs: {built.stderr.strip()}")
    if shutil.which("ninja") is None:
        skip("ninja is not installed")


def build(cmake, root, folder, sanitizers, compilers):
    must(cmake, "-S", root, "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=RelWithDebInfo",
         f"-DILV_SANITIZE={sanitizers}", f"-DCMAKE_C_COMPILER={compilers[0]}",
         f"-DCMAKE_CXX_COMPILER={compilers[1]}")
    must(cmake, "--build", folder, "-j2", "--target", "tests/primitives/all")


def run(ctest, folder, place):
    """The tests, as ctest tells of them."""
    environment = {**os.environ}
    for name, options in OPTIONS.items():
        environment[name] = f"{options}:log_path={place}/report"
    told = place / "told.xml"
    subprocess.run([ctest, "--test-dir", folder, "-j2", "-R", r"^primitives\.", "-E", LEFT_OUT,
                    "--timeout", "600", "--output-junit", str(told)],
                   env=environment, stdout=subprocess.DEVNULL, check=False)
    return list(xml.parse(told).getroot().iter("testcase"))


def reports(place):
    """What sanitizers had to say, a file a process."""
    texts = ["\n".join(line for line in path.read_text(errors="replace").splitlines()
                       if line and not NO_REPORT.fullmatch(line))
             for path in sorted(place.glob("report*"))]
    return [text for text in texts if text]


def said_by(test):
    return "".join(out.text or "" for out in test.iter("system-out")).strip()


def main():
    cmake, root, folder, sanitizers, *compilers = sys.argv[1:]
    ctest = str(pathlib.Path(cmake).with_name("ctest"))
    with tempfile.TemporaryDirectory(prefix="ilv-sanitized-") as name:
        place = pathlib.Path(name)
        find(compilers[0], sanitizers, place)
        build(cmake, root, folder, sanitizers, compilers)
        tests = run(ctest, folder, place)
        found = reports(place)
    skipped = [test for test in tests if test.find("skipped") is not None]
    failed = [test for test in tests if test.get("status") == "fail"]
    for test in skipped + failed:
        print(f"{test.get('name')}: {test.get('status')}: {said_by(test)}")
    for text in found:
        print(text)
    print(f"{sanitizers} by {compilers[0]}: {len(tests)} tests, {len(failed)} failed, "
          f"{len(skipped)} skipped, {len(found)} reports")
    sys.exit(0 if tests and not failed and not found else 1)


main()
