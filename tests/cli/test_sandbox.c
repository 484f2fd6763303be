/* SPDX-License-Identifier: MIT */
/* The command with the real runtime: the world of a run, and what the watchdog sees. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fixtures.h"

static struct call call;

static void hunt_says(const char *line, int status, const char *last)
{
    char full[512] = "hunt -q --seconds 0 --runs 40 ";
    strcat(full, line);
    fixture_call(&call, full);
    ILV_CHECK_INT(call.status, status);
    ILV_CHECK_STR(fixture_last_line(call.out), last);
    ILV_CHECK_STR(call.err, "");
}

#define CLEAN "NO FAILURE in 40 runs (not a proof): 1 distinct behaviour"

static void every_run_reads_the_same_input(void)
{
    fixture_sandbox();
    fixture_file("in.txt", "hello\nthere\n", 0644);
    hunt_says("--stdin in.txt --expect in.txt -- ./odd cat", 0, CLEAN);
    hunt_says("--expect in.txt -- ./odd cat", 1,
              "FOUND invariant (expect) in run 0: odd-invariant-1.sched");
    fixture_call(&call, "replay odd-invariant-1.sched");
    ILV_CHECK_INT(call.status, 1);
    ILV_CHECK(strstr(call.out, "line 1 of the output is '' instead of 'hello'") != NULL);
}

static void every_run_has_a_fresh_directory(void)
{
    fixture_sandbox();
    hunt_says("--fresh-dir -- ./odd make", 0, CLEAN);
    ILV_CHECK(access("made", F_OK) != 0);
    ILV_CHECK_INT(fixture_leftovers(), 0);
    hunt_says("-- ./odd make", 1, "FOUND exit-status in run 1: odd-exit-status-1.sched");
}

static void directory_that_would_hold_its_own_copies_is_refused(void)
{
    char here[256];
    fixture_sandbox();
    setenv("TMPDIR", getcwd(here, sizeof here), 1);
    fixture_refused("hunt --fresh-dir -- ./odd make",
                    "interleave: --fresh-dir: TMPDIR lies in the directory to be copied; set "
                    "TMPDIR to another\n");
}

static void command_judges_each_run_in_its_directory(void)
{
    fixture_sandbox();
    hunt_says("--fresh-dir --check 'test -f made' -- ./odd make", 0, CLEAN);
    hunt_says("--fresh-dir --check 'test ! -f made' -- ./odd make", 1,
              "FOUND invariant (check-command) in run 0: odd-invariant-1.sched");
    fixture_call(&call, "replay -q odd-invariant-1.sched");
    ILV_CHECK_INT(call.status, 1);
    ILV_CHECK_INT(fixture_leftovers(), 0);
}

static void program_sees_the_processors_it_is_given(void)
{
    fixture_sandbox();
    hunt_says("-- ./odd cpus 4", 0, CLEAN);
    hunt_says("--cpus 3 -- ./odd cpus 3", 0, CLEAN);
    hunt_says("--cpus 3 -- ./odd cpus 4", 1, "FOUND exit-status in run 0: odd-exit-status-1.sched");
    fixture_call(&call, "replay -q odd-exit-status-1.sched");
    ILV_CHECK_INT(call.status, 1);
}

static void outputs_that_depend_on_the_schedule_are_found(void)
{
    fixture_sandbox();
    fixture_call(&call, "hunt -q --same-output -- ./odd output");
    ILV_CHECK_INT(call.status, 1);
    ILV_CHECK(strstr(call.out, "FOUND invariant (same-output) in run ") == call.out);
    fixture_call(&call, "replay -q odd-invariant-1.sched");
    ILV_CHECK_INT(call.status, 1);
}

static void closed_descriptors_do_no_harm(void)
{
    fixture_sandbox();
    hunt_says("-- ./odd close", 0, CLEAN);
}

static void loud_program_is_measured_and_forgotten(void)
{
    fixture_sandbox();
    fixture_call(&call, "hunt -q --seconds 0 --runs 2 -- ./odd loud");
    ILV_CHECK_INT(call.status, 0);
    ILV_CHECK_STR(call.out, "NO FAILURE in 2 runs (not a proof): 1 distinct behaviour\n");
}

static void computing_without_a_call_is_limited(void)
{
    fixture_sandbox();
    hunt_says("-- ./odd spin", 3,
              "LIMITED: none of 1 run could be judged: T0.1 spins or computes without a call, "
              "build it with interleave cc");
    ILV_CHECK_INT(fixture_running(), 0);
}

static void interrupt_ends_a_run_that_spins(void)
{
    fixture_sandbox();
    pid_t pid = fixture_start("hunt -q --seconds 0 -- ./odd spin");
    for (int i = 0; i < 2000 && fixture_running() < 2; i++)
        usleep(5000);
    kill(pid, SIGINT);
    fixture_end(pid, &call);
    ILV_CHECK_INT(call.status, 130);
    ILV_CHECK_STR(call.out,
                  "INTERRUPTED after 0 runs, no failure until then: 0 distinct behaviours\n");
    ILV_CHECK_INT(fixture_running(), 0);
}

static void doctor_tells_what_it_makes_of_a_program(void)
{
    fixture_sandbox();
    fixture_call(&call, "doctor -- ./odd output");
    ILV_CHECK_INT(call.status, 0);
    ILV_CHECK(strstr(call.out, "\n./odd\n  threads run as ") != NULL);
    ILV_CHECK(strstr(call.out, "\n  threads in a first run     2\n") != NULL);
    ILV_CHECK(strstr(call.out, "\n  not modelled               nothing was met\n") != NULL);
}

static void workers_change_nothing(void)
{
    static char one[65536];
    fixture_sandbox();
    fixture_call(&call, "hunt --runs 300 --seconds 0 -j 1 -- " ABBA);
    strcpy(one, call.out);
    ILV_CHECK_INT(call.status, 1);
    unlink("buggy-deadlock-1.sched");
    fixture_call(&call, "hunt --runs 300 --seconds 0 -j 2 -- " ABBA);
    ILV_CHECK_INT(call.status, 1);
    ILV_CHECK_STR(call.out, one);
}

ILV_SUITE(sandbox, ILV_TEST(every_run_reads_the_same_input),
          ILV_TEST(every_run_has_a_fresh_directory),
          ILV_TEST(directory_that_would_hold_its_own_copies_is_refused),
          ILV_TEST(command_judges_each_run_in_its_directory),
          ILV_TEST(program_sees_the_processors_it_is_given),
          ILV_TEST(outputs_that_depend_on_the_schedule_are_found),
          ILV_TEST(closed_descriptors_do_no_harm), ILV_TEST(loud_program_is_measured_and_forgotten),
          ILV_TEST(computing_without_a_call_is_limited), ILV_TEST(interrupt_ends_a_run_that_spins),
          ILV_TEST(doctor_tells_what_it_makes_of_a_program), ILV_TEST(workers_change_nothing));
