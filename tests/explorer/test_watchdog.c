/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "fixtures.h"

static struct fixture f;

static void run_that_spins_is_killed_and_named(void)
{
    fixture_hunt_init(&f, "spin", 3);
    ILV_CHECK_INT(fixture_hunt(&f), 0);
    ILV_CHECK_INT(f.result.end, ILV_HUNT_LIMITED);
    ILV_CHECK_INT(f.result.runs, 300);
    ILV_CHECK_INT(f.result.limited, 1);
    ILV_CHECK_STR(f.result.limited_text,
                  "T0 spins or computes without a call, build it with interleave cc");
}

static void run_that_sleeps_in_the_kernel_is_killed_and_named(void)
{
    fixture_hunt_init(&f, "block", 3);
    ILV_CHECK_INT(fixture_hunt(&f), 0);
    ILV_CHECK_INT(f.result.end, ILV_HUNT_LIMITED);
    ILV_CHECK_INT(f.result.limited, 1);
    ILV_CHECK(!strncmp(f.result.limited_text, "T0 is blocked in ", 17));
}

static void first_run_that_spins_ends_the_hunt(void)
{
    fixture_hunt_init(&f, "spin", 0);
    ILV_CHECK_INT(fixture_hunt(&f), 0);
    ILV_CHECK_INT(f.result.end, ILV_HUNT_LIMITED);
    ILV_CHECK_INT(f.result.runs, 1);
}

static void slow_but_living_runs_are_left_alone(void)
{
    fixture_hunt_init(&f, "clean", 5);
    f.hunt.setup.blocked_seconds = 0.05;
    f.hunt.runs = 400;
    ILV_CHECK_INT(fixture_hunt(&f), 0);
    ILV_CHECK_INT(f.result.end, ILV_HUNT_CLEAN);
}

ILV_SUITE(watchdog, ILV_TEST(run_that_spins_is_killed_and_named),
          ILV_TEST(run_that_sleeps_in_the_kernel_is_killed_and_named),
          ILV_TEST(first_run_that_spins_ends_the_hunt),
          ILV_TEST(slow_but_living_runs_are_left_alone));
