# SPDX-License-Identifier: MIT
"""test_manifest.py ROOT TOOLS: every scenario is whole: manifest, README, sources, small difference.

Refuses what it does not know, so that a misspelt field is not a field left out.
"""
import difflib
import os
import re
import sys

import catalogue

CATALOGUE = {
    "deadlock-abba", "dining-philosophers", "self-deadlock", "lost-wakeup", "stolen-signal",
    "spurious-wakeup", "bank-transfer", "barrier-reuse", "unlock-by-stranger", "reader-writer",
    "signal-handler-lock", "semaphore-overrelease", "ticket-sale", "lost-update", "lazy-init",
    "check-flag-spin", "message-passing", "store-buffer", "aba-stack", "work-stealing-queue",
    "account", "bluetooth-driver", "bounded-buffer", "circular-buffer", "lazy01", "queue",
    "reorder", "safestack", "stack", "string-buffer", "token-ring", "twostage", "wronglock",
    "worker-pool-queue",
    "pool-self-wait",
    "reentrant-iteration",
    "priority-order",
    "pool-shutdown",
    "big-lock",
    "join-order",
    "life-cycle",
}
FIELDS = {"name": str, "family": str, "question": str, "built_on": str, "threads": int,
          "processes": int, "variants": dict}
COMMON = {"source": str, "verdict": str, "options": list, "budget_runs": int, "checkers": dict}
BUGGY = {**COMMON, "where": str, "objects": list, "rare": (dict, str), "witness": str}
FIXED = {**COMMON, "fixes": list}
DEMONSTRATION = {**COMMON, "expected": str, "natively": str}
KINDS = ("buggy", "fixed", "demonstration")
OUTCOME = {"options": list, "verdict": str, "where": str}
BASES = {"raw": {False}, "ilv": {True}, "both": {False, True}}
MOST_LINES = 20
SECTIONS = ("**Question:**", "## How it breaks", "## How it is put right", "## In the wild")

problems = []


def expect(condition, message):
    if not condition:
        problems.append(message)


def words(path, macro, owner=None):
    """The words of a .def table; of kinds, those of the finding `owner`."""
    with open(path, encoding="utf-8") as file:
        entries = re.findall(rf'^{macro}\((\w+), "([^"]*)", (\w+)', file.read(), re.M)
    return {word for _, word, third in entries if owner is None or third == owner}


def check_fields(what, found, wanted, optional=()):
    for field, kind in wanted.items():
        expect(isinstance(found.get(field), kind), f"{what}: `{field}` is missing or ill typed")
    for field in found:
        expect(field in wanted or field in optional, f"{what}: unknown field `{field}`")


def check_finding(what, folder, variant, tools):
    """A finding, and the file in which its report points."""
    verdict = variant["verdict"]
    expect(verdict in words(f"{tools}/trace/verdicts.def", "VERDICT"),
           f"{what}: no finding is called `{verdict}`")
    expect(os.path.isfile(os.path.join(folder, variant["where"])), f"{what}: `where` is no file of it")
    check_kind(what, variant, tools)


def check_kind(what, variant, tools):
    owner = variant["verdict"].replace("-", "_").upper()
    known = words(f"{tools}/trace/kinds.def", "KIND", owner)
    kinds = variant.get("kind", [])
    for kind in [kinds] if isinstance(kinds, str) else kinds:
        expect(kind in known, f"{what}: {variant['verdict']} has no kind `{kind}`")


def check_rare(what, rare):
    if isinstance(rare, str):
        expect(rare == "certain", f"{what}: rare is `certain` or a count")
        return
    check_fields(f"{what}: rare", rare, {"runs": int, "failures": int})
    expect(100 * rare["failures"] <= rare["runs"], f"{what}: more than 10 in 1,000 is not rare")


def check_checkers(what, checkers, buggy):
    expect(set(checkers) == set(catalogue.CHECKERS), f"{what}: checkers are {sorted(checkers)}")
    for checker, says in checkers.items():
        allowed = r"found|missed: \w.+" if buggy else r"clean|false-alarm: \w.+|depends: \w.+"
        expect(re.fullmatch(allowed, says), f"{what}: {checker} cannot say `{says}`")


def code_of(path):
    """The lines of a source that are code: no comments, no empty lines."""
    with open(path, encoding="utf-8") as file:
        text = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def includes(path, root):
    """The headers of our primitives that a source includes, or a header of the scenarios for it."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    found = set(re.findall(r"^#include <ilv/(.*)\.h>", text, re.M))
    for name in re.findall(r'^#include "(.*)"', text, re.M):
        for folder in (os.path.dirname(path), root):
            if os.path.isfile(os.path.join(folder, name)):
                found |= includes(os.path.join(folder, name), root)
    return found


def check_difference(what, folder, one, other):
    lines = difflib.unified_diff(code_of(os.path.join(folder, one)),
                                 code_of(os.path.join(folder, other)), n=0, lineterm="")
    changed = sum(line[0] in "+-" and line[:3] not in ("+++", "---") for line in lines)
    expect(0 < changed <= MOST_LINES, f"{what}: {changed} lines differ from {one}")
    print(f"{what}: {changed} lines differ from {one}")


def fields_of(name, variant):
    """What a variant must have. A bug that hunts do not find so far has no witness."""
    if not name.startswith("buggy"):
        return FIXED if name.startswith("fixed") else DEMONSTRATION
    found = not {"unseen", "beyond"} & set(variant)
    return {key: kind for key, kind in BUGGY.items() if key != "witness" or found}


def check_buggy(what, folder, variant, tools):
    check_finding(what, folder, variant, tools)
    check_rare(what, variant["rare"])
    for word in ("unseen", "beyond"):
        expect(re.search(r"\w", variant.get(word, "why")), f"{what}: {word} without a reason")
    outcome = variant.get("outcome")
    if outcome:
        check_fields(f"{what}: outcome", outcome, OUTCOME, ("kind",))
        check_finding(f"{what}: outcome", folder, outcome, tools)
        expect(variant["verdict"] == "data-race",
               f"{what}: only a data race has an outcome beside its finding")


def check_variant(folder, scenario, name, variant, tools):
    what = f"{scenario['name']}/{name}"
    buggy = name.startswith("buggy")
    check_fields(what, variant, fields_of(name, variant),
                 ("built_with", *(("kind", "outcome", "unseen", "beyond") if buggy else ())))
    expect(variant.get("built_with", "cc") == "cc", f"{what}: built with what?")
    expect(variant["source"] == f"{name}.c", f"{what}: its source is {name}.c")
    source = os.path.join(folder, variant["source"])
    expect(os.path.isfile(source), f"{what}: {source} is missing")
    check_checkers(what, variant["checkers"], buggy)
    if os.path.isfile(source):
        check_base(what, scenario, name, source, folder)
    if buggy:
        check_buggy(what, folder, variant, tools)
    elif name.startswith("fixed"):
        check_fix(what, folder, scenario, variant)
    else:
        check_demonstration(what, folder, variant)


def check_base(what, scenario, name, source, folder):
    """It stands on our primitives where it is said to, and nowhere else."""
    included = bool(includes(source, os.path.join(folder, "..", "..")))
    expect(included == catalogue.on_ilv(scenario, name),
           f"{what}: it includes {'' if included else 'no '}headers of ours, against its name")


def check_demonstration(what, folder, variant):
    expect(variant["verdict"] == "demonstration", f"{what}: it is a `demonstration`")
    expected = variant["expected"]
    expect(re.fullmatch(r"expected.*\.txt", expected) and
           os.path.isfile(os.path.join(folder, expected)), f"{what}: `expected` is no file of it")
    expect(re.fullmatch(r"same|differs: \w.+", variant["natively"]),
           f"{what}: natively it is `same` or `differs: why`")


def check_fix(what, folder, scenario, variant):
    expect(variant["verdict"] == "ok", f"{what}: a fix is `ok`")
    for bug in variant["fixes"]:
        expect(bug in scenario["variants"], f"{what}: there is no `{bug}` to fix")
        if bug in scenario["variants"]:
            check_difference(what, folder, scenario["variants"][bug]["source"], variant["source"])


def check_whole(folder, scenario):
    """What concerns the variants together, and the files around them."""
    what = scenario["name"]
    names = set(scenario["variants"])
    sources = {file[:-2] for file in os.listdir(folder)
               if file.startswith(KINDS) and file.endswith(".c")}
    expect(sources == names, f"{what}: sources {sorted(sources)}, manifest {sorted(names)}")
    fixed = {bug for variant in scenario["variants"].values() for bug in variant.get("fixes", [])}
    for name in names:
        expect(name in fixed or not name.startswith("buggy"), f"{what}: nobody fixes {name}")
    expect(any(name.startswith(("buggy", "demonstration")) for name in names),
           f"{what}: no buggy variant, and no demonstration")
    bases = {catalogue.on_ilv(scenario, name) for name in names}
    expect(bases == BASES.get(scenario["built_on"]),
           f"{what}: built on `{scenario['built_on']}`, and its variants are not")
    readme = os.path.join(folder, "README.md")
    if not os.path.isfile(readme):
        problems.append(f"{what}: no README.md")
        return
    with open(readme, encoding="utf-8") as file:
        text = file.read()
    question = re.search(r"\*\*Question:\*\* (.*)", text.replace("`", ""))
    expect(question and question.group(1).lower() == scenario["question"].lower(),
           f"{what}: its README asks another question")
    buggy = any(name.startswith("buggy") for name in names)
    for section in SECTIONS if buggy else SECTIONS[:1]:
        expect(section in text, f"{what}: its README has no `{section}`")
    for name in names:
        expect(f"`{name}`" in text, f"{what}: its README does not speak of {name}")


def check_scenario(folder, scenario, root, tools):
    what = scenario.get("name", folder)
    check_fields(what, scenario, FIELDS, ("built_with",))
    expect(os.path.join(root, scenario["family"], scenario["name"]) == folder,
           f"{what}: family and name are not those of {folder}")
    expect(scenario["question"].endswith("?"), f"{what}: its question is none")
    expect(scenario.get("built_with", "cc") == "cc", f"{what}: built with what?")
    for name, variant in scenario["variants"].items():
        check_variant(folder, scenario, name, variant, tools)
    check_whole(folder, scenario)


def main():
    root, tools = sys.argv[1:]
    found = catalogue.manifests(root)
    for folder, scenario in found:
        check_scenario(folder, scenario, root, tools)
    missing = CATALOGUE - {scenario["name"] for _, scenario in found}
    expect(not missing, f"the catalogue lacks {sorted(missing)}")
    with open(os.path.join(root, "README.md"), encoding="utf-8") as file:
        table = file.read()
    for _, scenario in found:
        link = f"]({scenario['family']}/{scenario['name']}/README.md)"
        expect(link in table, f"{scenario['name']}: not in the table of {root}/README.md")
    if problems:
        catalogue.fail("\n".join(problems))
    print(f"{len(found)} scenarios, "
          f"{sum(len(scenario['variants']) for _, scenario in found)} variants")


if __name__ == "__main__":
    main()
