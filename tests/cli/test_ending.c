/* SPDX-License-Identifier: MIT */
/* The command ended from outside: nothing may be left behind. */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "fixtures.h"

static struct call call;

/* Waits until servers run (or do not); the number of tries is a net. */
static bool running_becomes(bool some)
{
    for (int i = 0; i < 2000; i++) {
        if ((fixture_running() > 0) == some)
            return true;
        usleep(5000);
    }
    return false;
}

static void hunt_until(useconds_t moment, int number)
{
    fixture_directory();
    pid_t pid = fixture_start("hunt --runs 100000000 --seconds 0 -j 2 -- ./fake clean 5");
    ILV_CHECK(running_becomes(true));
    usleep(moment);
    kill(pid, number);
    fixture_end(pid, &call);
    ILV_CHECK_INT(call.status, 130);
    ILV_CHECK_INT(fixture_running(), 0);
}

/* A hunt that has not begun when the signal comes has nothing to tell: a later one is tried. */
static void interrupted_by(int number)
{
    useconds_t moment = 100000;
    do {
        hunt_until(moment, number);
        moment *= 2;
    } while (call.out[0] == '\0' && moment < 30000000);
    ILV_CHECK(!strncmp(call.out, "INTERRUPTED after ", 18));
    ILV_CHECK(strstr(call.out, ", no failure until then: ") != NULL);
}

static void interrupt_ends_it_with_130(void)
{
    interrupted_by(SIGINT);
}

static void termination_ends_it_with_130(void)
{
    interrupted_by(SIGTERM);
}

static void interrupt_ends_a_run_that_hangs(void)
{
    fixture_directory();
    pid_t pid = fixture_start("hunt --seconds 0 -- ./fake block 0");
    ILV_CHECK(running_becomes(true));
    usleep(100000);
    kill(pid, SIGINT);
    fixture_end(pid, &call);
    ILV_CHECK_INT(call.status, 130);
    ILV_CHECK_INT(fixture_running(), 0);
}

static void killed_command_leaves_no_server(void)
{
    fixture_directory();
    pid_t pid = fixture_start("hunt --runs 100000000 --seconds 0 -j 2 -- ./fake clean 5");
    ILV_CHECK(running_becomes(true));
    kill(pid, SIGKILL);
    fixture_end(pid, &call);
    ILV_CHECK_INT(call.status, 128 + SIGKILL);
    ILV_CHECK(running_becomes(false));
}

ILV_SUITE(ending, ILV_TEST(interrupt_ends_it_with_130), ILV_TEST(termination_ends_it_with_130),
          ILV_TEST(interrupt_ends_a_run_that_hangs), ILV_TEST(killed_command_leaves_no_server));
