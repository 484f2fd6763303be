#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""hazards.py TESTS...: whether each hazard of Python's multiprocessing has tests that show it absent.

TESTS are the folders of the tests' sources. Each hazard names tests; a name that no ILV_TEST()
there has is a fault, one line each, and exit status 1. --list prints the table.
"""
import pathlib
import re
import sys

HAZARDS = [
    ("a busy worker of a pool is killed: who waits for its result hangs",
     ["a_killed_busy_worker_fails_its_own_task_only", "a_task_that_ends_its_worker_fails_alone"]),
    ("an idle worker is killed: the one in its place runs nothing",
     ["a_killed_idle_worker_is_replaced_by_one_that_works"]),
    ("one death breaks the whole executor",
     ["a_map_with_dying_workers_ends_and_the_others_results_are_right"]),
    ("the holder of a lock is killed: all hang",
     ["waiters_of_a_killed_holder_get_the_mutex", "a_waiter_of_a_killed_holder_gets_the_rlock",
      "waiters_of_a_killed_writer_get_the_lock", "a_killed_reader_does_not_hold_up_a_writer",
      "units_of_the_killed_are_given_back"]),
    ("a reader of a queue is killed: others find it empty though it is not",
     ["a_killed_waiting_reader_leaves_the_queue_to_others",
      "a_get_takes_one_or_none_wherever_the_getter_is_killed"]),
    ("a writer is killed in the midst of a message: a timed get waits past its deadline",
     ["a_sender_killed_in_the_midst_of_a_message_delays_nobody",
      "a_put_is_whole_wherever_the_putter_is_killed"]),
    ("put returned, then the process was killed: the element is lost",
     ["what_was_put_before_death_is_there"]),
    ("empty() is true right after a put", ["counts_are_exact_right_after_each_call"]),
    ("a join before the queue is drained never returns",
     ["a_producer_can_be_joined_before_its_elements_are_got"]),
    ("a consumer is killed before task_done: join never returns",
     ["what_a_dead_consumer_held_is_done_by_another_before_join_returns"]),
    ("a killed waiter hangs notify, set and barriers",
     ["a_killed_waiter_does_not_hang_the_notifier_or_the_others",
      "a_killed_waiter_of_an_event_leaves_nothing", "a_killed_party_is_not_counted_as_arrived"]),
    ("appends to a list inside a dict are lost", ["nested_ones_are_shared_by_several_writers"]),
    ("d['n'] += 1 loses updates", ["no_increment_is_lost"]),
    ("a server is killed: all that is shared is lost",
     ["a_stranger_attaches_by_name", "detaching_destroys_nothing"]),
    ("a daemon outlives a killed parent",
     ["a_daemon_ends_when_its_parent_is_killed", "workers_end_with_a_killed_parent"]),
    ("zombies stay until they are joined, and after", ["no_zombie_stays_once_joined"]),
    ("fork while a thread holds a lock: the child waits for ever",
     ["children_of_a_busy_program_find_no_lock_held", "a_child_gets_what_another_thread_held"]),
    ("who only attached destroys the shared memory", ["detaching_destroys_nothing"]),
]
TEST = re.compile(r"ILV_TEST\((\w+)\)")


def main():
    if sys.argv[1:] == ["--list"]:
        for hazard, tests in HAZARDS:
            print(f"{hazard}\n    {', '.join(tests)}")
        return 0
    known = {name for folder in sys.argv[1:] for source in pathlib.Path(folder).rglob("*.c")
             for name in TEST.findall(source.read_text(encoding="utf-8"))}
    missing = [(hazard, name) for hazard, tests in HAZARDS for name in tests if name not in known]
    for hazard, name in missing:
        print(f"hazards.py: no test is called {name}; it shows absent: {hazard}")
    print(f"{len(HAZARDS)} hazards, {len(missing)} tests missing")
    return 1 if missing or not known else 0


if __name__ == "__main__":
    sys.exit(main())
