/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fixtures.h"

static struct call call;

/* Status and last line of `hunt LINE`. */
static void hunt_says(const char *line, int status, const char *last)
{
    char full[512] = "hunt --seconds 0 ";
    strcat(full, line);
    fixture_call(&call, full);
    ILV_CHECK_INT(call.status, status);
    ILV_CHECK_STR(fixture_last_line(call.out), last);
    ILV_CHECK_STR(call.err, "");
}

static void clean_hunt_ends_in_an_honest_line(void)
{
    fixture_directory();
    hunt_says("--runs 300 -- ./fake clean 5", 0,
              "NO FAILURE in 300 runs (not a proof): 5 distinct behaviours");
    hunt_says("--runs 1 -- ./fake clean 5", 0,
              "NO FAILURE in 1 run (not a proof): 1 distinct behaviour");
}

static void failure_ends_in_its_run_and_schedule(void)
{
    fixture_directory();
    hunt_says("-- ./fake fail 12", 1, "FOUND deadlock (cycle) in run 12: fake-deadlock-1.sched");
    ILV_CHECK(strstr(call.out, "replay: interleave replay fake-deadlock-1.sched\n") != NULL);
    ILV_CHECK_INT(access("fake-deadlock-1.sched", R_OK), 0);
}

static void schedules_do_not_depend_on_the_backend(void)
{
    fixture_directory();
    hunt_says("--backend baton -- ./fake fail 12", 1,
              "FOUND deadlock (cycle) in run 12: fake-deadlock-1.sched");
    ILV_CHECK(strstr(call.out, "interleave replay --backend baton fake-deadlock-1.sched\n") !=
              NULL);
    hunt_says("--backend fiber --trap off -- ./fake fail 12", 1,
              "FOUND deadlock (cycle) in run 12: fake-deadlock-2.sched");
    ILV_CHECK_INT(system("cmp fake-deadlock-1.sched fake-deadlock-2.sched"), 0);
}

static void schedules_are_never_overwritten(void)
{
    fixture_directory();
    hunt_says("-q -- ./fake fail 3", 1, "FOUND deadlock (cycle) in run 3: fake-deadlock-1.sched");
    hunt_says("-q -- ./fake fail 3", 1, "FOUND deadlock (cycle) in run 3: fake-deadlock-2.sched");
}

static void number_of_workers_changes_nothing(void)
{
    static char one[65536];
    fixture_directory();
    hunt_says("-j 1 -- ./fake fail 70", 1,
              "FOUND deadlock (cycle) in run 70: fake-deadlock-1.sched");
    strcpy(one, call.out);
    unlink("fake-deadlock-1.sched");
    hunt_says("-j 2 -- ./fake fail 70", 1,
              "FOUND deadlock (cycle) in run 70: fake-deadlock-1.sched");
    ILV_CHECK_STR(call.out, one);
}

static void quiet_is_one_line(void)
{
    fixture_directory();
    hunt_says("-q -- ./fake fail 3", 1, "FOUND deadlock (cycle) in run 3: fake-deadlock-1.sched");
    ILV_CHECK_STR(call.out, "FOUND deadlock (cycle) in run 3: fake-deadlock-1.sched\n");
}

static void notes_are_told_and_fail_when_asked(void)
{
    fixture_directory();
    hunt_says("--runs 30 -- ./fake note 9", 0,
              "NO FAILURE in 30 runs (not a proof): 9 distinct behaviours");
    ILV_CHECK(
        !strncmp(call.out, "note: unjoined in 1 run: a thread neither joined nor detached\n", 62));
    hunt_says("-q --strict -- ./fake note 9", 1, "FOUND unjoined in run 9: fake-unjoined-1.sched");
    hunt_says("-q --fail-on unjoined -- ./fake note 9", 1,
              "FOUND unjoined in run 9: fake-unjoined-2.sched");
    hunt_says("-q --runs 30 --fail-on leak -- ./fake note 9", 0,
              "NO FAILURE in 30 runs (not a proof): 9 distinct behaviours");
}

static void filters_decide_what_counts(void)
{
    fixture_directory();
    hunt_says("-q --runs 30 --ignore deadlock -- ./fake fail 9", 0,
              "NO FAILURE in 30 runs (not a proof): 9 distinct behaviours");
    hunt_says("-q --runs 30 --only crash -- ./fake fail 9", 0,
              "NO FAILURE in 30 runs (not a proof): 9 distinct behaviours");
    hunt_says("-q --only deadlock -- ./fake fail 9", 1,
              "FOUND deadlock (cycle) in run 9: fake-deadlock-1.sched");
}

static void limited_runs_are_never_clean(void)
{
    fixture_directory();
    hunt_says("--runs 40 -- ./fake limited 10", 3,
              "NO FAILURE in 10 runs (not a proof): 10 distinct behaviours; limited: 30 runs "
              "could not be judged: fork is not modelled");
    hunt_says("-- ./fake limited 0", 3,
              "LIMITED: none of 8 runs could be judged: fork is not modelled");
}

static void failure_that_does_not_replay_is_unconfirmed(void)
{
    fixture_directory();
    hunt_says("-q -- ./fake fickle 12", 3,
              "UNCONFIRMED deadlock (cycle) in run 12: fake-deadlock-1.sched: recorded was "
              "deadlock (cycle), and the run ended with none");
}

static void time_that_is_over_names_the_runs_that_repeat_it(void)
{
    fixture_directory();
    fixture_call(&call, "hunt --runs 100000000 --seconds 0.1 -- ./fake clean 5");
    ILV_CHECK_INT(call.status, 0);
    ILV_CHECK(!strncmp(call.out, "0.1 s are over after ", 21));
    ILV_CHECK(strstr(call.out, " --seconds 0 makes the same again\n") != NULL);
}

static void unexpected_output_is_found(void)
{
    fixture_directory();
    fixture_file("good", "one\ntwo\n", 0644);
    hunt_says("-q --runs 50 --expect good -- ./fake clean 5", 0,
              "NO FAILURE in 50 runs (not a proof): 5 distinct behaviours");
    hunt_says("-q --expect good -- ./fake output 5", 1,
              "FOUND invariant (expect) in run 5: fake-invariant-1.sched");
    hunt_says("-q --same-output -- ./fake output 5", 1,
              "FOUND invariant (same-output) in run 5: fake-invariant-2.sched");
}

static void progress_is_told_on_standard_error_when_asked(void)
{
    fixture_directory();
    fixture_call(&call, "hunt --progress --runs 2500 --seconds 0 -- ./fake clean 5");
    ILV_CHECK_INT(call.status, 0);
    ILV_CHECK(!strncmp(call.err, "run ", 4));
    ILV_CHECK(strstr(call.err, " of 2500, ") != NULL);
    ILV_CHECK_STR(call.out, "NO FAILURE in 2500 runs (not a proof): 5 distinct behaviours\n");
}

ILV_SUITE(hunt, ILV_TEST(clean_hunt_ends_in_an_honest_line),
          ILV_TEST(failure_ends_in_its_run_and_schedule),
          ILV_TEST(schedules_do_not_depend_on_the_backend),
          ILV_TEST(schedules_are_never_overwritten), ILV_TEST(number_of_workers_changes_nothing),
          ILV_TEST(quiet_is_one_line), ILV_TEST(notes_are_told_and_fail_when_asked),
          ILV_TEST(filters_decide_what_counts), ILV_TEST(limited_runs_are_never_clean),
          ILV_TEST(failure_that_does_not_replay_is_unconfirmed),
          ILV_TEST(time_that_is_over_names_the_runs_that_repeat_it),
          ILV_TEST(unexpected_output_is_found),
          ILV_TEST(progress_is_told_on_standard_error_when_asked));
