/* SPDX-License-Identifier: MIT */
/* One schedule played back many times: same or not, and what is said of the first difference. */
#include <errno.h>
#include <unistd.h>

#include "fixtures.h"

static struct fixture f;
static struct ilv_replay_result result;

/* Hunts in `drift n` and plays what is found back so many times. */
static int played(unsigned n, uint32_t times)
{
    fixture_hunt_init(&f, "drift", n);
    if (!ILV_CHECK_INT(fixture_hunt(&f), 0) || !ILV_CHECK_INT(f.result.end, ILV_HUNT_FOUND))
        return -1;
    unlink("replayed");
    int failed = ilv_replay_times(&f.result.schedule, "x-1.sched", &f.hunt.setup, ILV_BACKEND_AUTO,
                                  ILV_TRAP_AUTO, times, &result, f.error, sizeof f.error);
    ILV_CHECK_INT(fixture_children(), 0);
    return failed;
}

static void end(void)
{
    ilv_replay_free(&result);
    ilv_hunt_free(&f.result);
}

static void replays_that_differ_in_addresses_and_pointers_only_are_the_same(void)
{
    ILV_CHECK_INT(played(0, 20), 0);
    ILV_CHECK_INT(result.end, ILV_REPLAY_SAME);
    ILV_CHECK_U64(result.replays, 20);
    ILV_CHECK_STR(result.why, "");
    end();
}

/* Ten starts of three replays: the third one on the first server is the first that differs. */
static void difference(unsigned n, const char *why)
{
    ILV_CHECK_INT(played(n, 30), 0);
    ILV_CHECK_INT(result.end, ILV_REPLAY_OTHER);
    ILV_CHECK_U64(result.replays, 3);
    ILV_CHECK_STR(result.why, why);
    end();
}

static void other_step_is_told(void)
{
    difference(0, "replay 3 of 30: step 2 is T0 mutex-unlock M1, and in the first T0.1 "
                  "mutex-unlock M1");
}

static void other_time_of_a_step_is_told(void)
{
    difference(1, "replay 3 of 30: step 2, T0.1 mutex-unlock M1, has another time than in the "
                  "first");
}

static void access_of_other_bytes_is_told(void)
{
    difference(8, "replay 3 of 30: step 3, T0.1 write V1, has another size than in the first");
    difference(9, "replay 3 of 30: step 3, T0.1 write V1, has another offset than in the first");
}

static void other_value_is_told_where_it_is_no_access(void)
{
    difference(10, "replay 3 of 30: step 2, T0.1 mutex-unlock M1, has another value than in the "
                   "first");
}

static void longer_trace_is_told(void)
{
    difference(2, "replay 3 of 30: step 4 is T0 exit, and in the first none");
}

static void what_the_steps_do_not_show_is_told(void)
{
    difference(3, "replay 3 of 30: object 1 has another generation than in the first");
    difference(4, "replay 3 of 30: the run has another output.size than the first");
    difference(5, "replay 3 of 30: choice 0 has another count than in the first");
    difference(6, "replay 3 of 30: 2 findings, and in the first 1");
}

static void replay_without_the_failure_is_told(void)
{
    difference(7, "replay 3 of 30: recorded was deadlock (cycle), and the run ended with none");
}

static void difference_between_starts_is_told(void)
{
    ILV_CHECK_INT(played(99, 20), 0);
    ILV_CHECK_INT(result.end, ILV_REPLAY_OTHER);
    ILV_CHECK_U64(result.replays, 3);
    ILV_CHECK_STR(result.why, "replay 3 of 20: step 2 is T0 mutex-unlock M1, and in the first T0.1 "
                              "mutex-unlock M1");
    end();
}

static void no_replay_at_all_is_refused(void)
{
    ILV_CHECK_INT(played(0, 0), -EINVAL);
    ILV_CHECK_STR(f.error, "x-1.sched: 0 replays: nothing would be run; give at least 1");
    ilv_hunt_free(&f.result);
}

ILV_SUITE(times, ILV_TEST(replays_that_differ_in_addresses_and_pointers_only_are_the_same),
          ILV_TEST(other_step_is_told), ILV_TEST(other_time_of_a_step_is_told),
          ILV_TEST(access_of_other_bytes_is_told),
          ILV_TEST(other_value_is_told_where_it_is_no_access), ILV_TEST(longer_trace_is_told),
          ILV_TEST(what_the_steps_do_not_show_is_told),
          ILV_TEST(replay_without_the_failure_is_told), ILV_TEST(difference_between_starts_is_told),
          ILV_TEST(no_replay_at_all_is_refused));
