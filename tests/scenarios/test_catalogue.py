# SPDX-License-Identifier: MIT
"""test_catalogue.py ROOT TOOLS PROGRAMS: the tests of the tests: what they refuse, they refuse.

A test that lets everything through looks like one that found nothing. So: hangs are told from
work and from sleep among threads, and a manifest that is wrong in one place is refused.
"""
import copy
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import catalogue
import test_matrix

ROOT, TOOLS, PROGRAMS = sys.argv[1:4]
HERE = os.path.dirname(os.path.abspath(__file__))


class Runs(unittest.TestCase):
    """catalogue.run tells how a program ended."""

    def end_of(self, *what):
        return catalogue.run([PROGRAMS, *what])[0]

    def test_a_cycle_of_threads_is_a_hang(self):
        self.assertEqual(self.end_of("hang"), ("hang", 0))

    def test_long_work_beside_a_sleeping_thread_is_none(self):
        self.assertEqual(self.end_of("work"), ("exit", 0))

    def test_threads_that_wake_each_other_are_none(self):
        self.assertEqual(self.end_of("ping-pong"), ("exit", 0))

    def test_an_exit_status_is_told(self):
        self.assertEqual(self.end_of("fail"), ("exit", 3))

    def test_a_signal_is_told(self):
        self.assertEqual(self.end_of("abort"), ("signal", 6))


class Manifests(unittest.TestCase):
    """test_manifest.py refuses a catalogue with one thing wrong."""

    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory(prefix="ilv-scenario-")
        self.root = os.path.join(self.temporary.name, "scenarios")
        self.folder = os.path.join(self.root, "locks", "deadlock-abba")
        shutil.copytree(os.path.join(ROOT, "locks", "deadlock-abba"), self.folder)
        for name in ("README.md", "scenario.h"):
            shutil.copy(os.path.join(ROOT, name), self.root)
        with open(os.path.join(self.folder, "scenario.json"), encoding="utf-8") as file:
            self.manifest = json.load(file)

    def tearDown(self):
        self.temporary.cleanup()

    def take_all(self):
        """The whole catalogue instead of one scenario of it, which is refused for those that it lacks."""
        shutil.rmtree(self.root)
        shutil.copytree(ROOT, self.root)

    def check(self):
        done = subprocess.run([sys.executable, "-B", os.path.join(HERE, "test_manifest.py"),
                               self.root, TOOLS], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    def refused(self, change, why):
        manifest = copy.deepcopy(self.manifest)
        change(manifest)
        with open(os.path.join(self.folder, "scenario.json"), "w", encoding="utf-8") as file:
            json.dump(manifest, file)
        status, said = self.check()
        self.assertEqual(status, 1, said)
        self.assertIn(why, said)

    def buggy(self, field, value):
        def change(manifest):
            manifest["variants"]["buggy"][field] = value
        return change

    def test_the_catalogue_is_accepted(self):
        self.take_all()
        status, said = self.check()
        self.assertEqual(status, 0, said)

    def test_an_unknown_finding(self):
        self.refused(self.buggy("verdict", "dedlock"), "no finding is called `dedlock`")

    def test_a_kind_of_another_finding(self):
        self.refused(self.buggy("kind", "unlock-of-free"), "deadlock has no kind `unlock-of-free`")

    def test_an_unknown_field(self):
        self.refused(self.buggy("whitness", "x"), "unknown field `whitness`")

    def test_a_bug_that_is_not_rare(self):
        self.refused(self.buggy("rare", {"runs": 1000, "failures": 11}), "is not rare")

    def test_missed_without_a_reason(self):
        self.refused(lambda m: m["variants"]["buggy"]["checkers"].update(drd="missed"),
                     "drd cannot say `missed`")

    def test_a_builder_that_is_not_known(self):
        self.refused(lambda m: m.update(built_with="make"), "built with what?")

    def test_a_builder_of_a_variant_that_is_not_known(self):
        self.refused(self.buggy("built_with", "make"), "built with what?")

    def test_an_outcome_beside_what_is_no_data_race(self):
        self.refused(self.buggy("outcome", {"options": [], "verdict": "exit-status",
                                            "where": "common.h"}),
                     "only a data race has an outcome")

    def test_an_outcome_that_is_not_known(self):
        self.refused(self.buggy("outcome", {"options": [], "verdict": "exit", "where": "common.h"}),
                     "no finding is called `exit`")

    def test_a_bug_that_is_unseen_for_no_reason(self):
        self.refused(self.buggy("unseen", ""), "unseen without a reason")

    def test_a_bug_that_is_beyond_the_strategies_for_no_reason(self):
        self.refused(self.buggy("beyond", ""), "beyond without a reason")

    def test_a_bug_that_is_beyond_the_strategies_and_has_a_witness(self):
        self.refused(self.buggy("beyond", "too many tasks"), "unknown field `witness`")

    def test_a_bug_that_is_unseen_and_has_a_witness(self):
        self.refused(self.buggy("unseen", "weak memory"), "unknown field `witness`")

    def test_a_bug_without_a_witness(self):
        self.refused(lambda m: m["variants"]["buggy"].pop("witness"), "`witness` is missing")

    def test_a_fix_of_nothing(self):
        self.refused(lambda m: m["variants"]["fixed-one-lock"].update(fixes=["bugy"]),
                     "there is no `bugy` to fix")

    def test_a_source_without_a_variant(self):
        self.refused(lambda m: m["variants"].pop("fixed-one-lock"), "manifest ['buggy'")

    def test_a_folder_without_a_readme(self):
        os.unlink(os.path.join(self.folder, "README.md"))
        self.refused(lambda m: None, "no README.md")

    def test_a_scenario_that_is_gone(self):
        self.take_all()
        shutil.rmtree(self.folder)
        status, said = self.check()
        self.assertEqual(status, 1, said)
        self.assertIn("the catalogue lacks ['deadlock-abba']", said)

    def test_a_variant_on_our_primitives_that_is_not_called_so(self):
        with open(os.path.join(self.folder, "common.h"), "a", encoding="utf-8") as file:
            file.write("#include <ilv/mutex.h>\n")
        self.refused(lambda m: None, "it includes headers of ours, against its name")

    def test_a_scenario_on_one_that_is_on_both(self):
        self.refused(lambda m: m.update(built_on="raw"), "built on `raw`, and its variants are not")

    def demonstration(self, **more):
        """Adds a demonstration; more: what is wrong with it."""
        shutil.copy(os.path.join(self.folder, "fixed-one-lock.c"),
                    os.path.join(self.folder, "demonstration.c"))
        with open(os.path.join(self.folder, "expected.txt"), "w", encoding="utf-8") as file:
            file.write("nothing\n")
        with open(os.path.join(self.folder, "README.md"), "a", encoding="utf-8") as file:
            file.write("`demonstration`\n")
        fix = self.manifest["variants"]["fixed-one-lock"]
        shown = {"source": "demonstration.c", "verdict": "demonstration", "expected": "expected.txt",
                 "natively": "same", **{key: fix[key] for key in
                                        ("options", "budget_runs", "checkers")}}
        return lambda m: m["variants"].update(demonstration={**shown, **more})

    def test_a_demonstration_is_accepted(self):
        self.take_all()
        change = self.demonstration()
        change(self.manifest)
        with open(os.path.join(self.folder, "scenario.json"), "w", encoding="utf-8") as file:
            json.dump(self.manifest, file)
        status, said = self.check()
        self.assertEqual(status, 0, said)

    def test_a_demonstration_of_what_nobody_expects(self):
        self.refused(self.demonstration(expected="README.md"), "`expected` is no file of it")

    def test_a_demonstration_that_differs_natively_for_no_reason(self):
        self.refused(self.demonstration(natively="differs"), "natively it is `same` or `differs: why`")

    def test_a_fix_that_differs_in_much(self):
        with open(os.path.join(self.folder, "fixed-one-lock.c"), "a", encoding="utf-8") as file:
            file.write("int x;\n" * 30)
        self.refused(lambda m: None, "lines differ from buggy.c")


class Matrix(unittest.TestCase):
    """test_matrix.py refuses a cell that is neither filled nor waiting."""

    def wrong(self, used, later):
        matrix = {"mutex": ("mutex", ["ticket"], ["abba"], ["owner"])}
        return test_matrix.judge(used, matrix, later)

    def test_filled_and_waiting_cells_are_accepted(self):
        used = {"ticket": {"mutex"}, "abba": {"mutex", "event"}, "raw": set()}
        self.assertEqual(self.wrong(used, {"owner": "deaths"}), [])

    def test_a_cell_that_is_neither(self):
        used = {"ticket": {"mutex"}, "abba": {"mutex"}}
        self.assertEqual(self.wrong(used, {}),
                         ["mutex, exit or death: owner is neither there nor waiting"])

    def test_a_scenario_that_stands_on_something_else(self):
        used = {"ticket": {"event"}, "abba": {"mutex"}}
        self.assertEqual(self.wrong(used, {"owner": "deaths"}),
                         ["mutex, race: ticket has no variant on <ilv/mutex.h>"])

    def test_a_scenario_that_is_there_and_waits(self):
        used = {"ticket": {"mutex"}, "abba": {"mutex"}, "owner": {"mutex"}}
        self.assertEqual(self.wrong(used, {"owner": "deaths"}),
                         ["owner waits for deaths, and is there"])

    def test_a_scenario_that_waits_for_no_cell(self):
        used = {"ticket": {"mutex"}, "abba": {"mutex"}}
        self.assertEqual(self.wrong(used, {"owner": "deaths", "other": "rain"}),
                         ["other waits for a cell that does not name it"])


unittest.main(argv=sys.argv[:1])
