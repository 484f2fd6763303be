/* SPDX-License-Identifier: MIT */
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixtures.h"
#include "internal.h"

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

static void *computes(void *unused)
{
    volatile unsigned long count = 0;
    while (count + 1)
        count++;
    return unused;
}

/* A process whose first thread sleeps, beside one that computes or alone. */
static pid_t process(bool beside)
{
    pid_t pid = fork();
    pthread_t thread;
    if (pid == 0) {
        if (beside && pthread_create(&thread, NULL, computes, NULL) != 0)
            _exit(1);
        while (true)
            pause();
    }
    return pid;
}

static void end(pid_t pid)
{
    kill(pid, SIGKILL);
    ILV_CHECK_INT(waitpid(pid, NULL, 0), pid);
    ILV_CHECK(!ilv__any_runs(pid));
}

static void process_with_any_thread_that_computes_does_not_sleep(void)
{
    pid_t pid = process(true);
    pid_t parent;
    for (int i = 0; i < 10000 && ilv__cpu_of(pid, &parent) < 0.05; i++)
        usleep(1000);
    ILV_CHECK_INT(parent, getpid());
    for (int i = 0; i < 100; i++)
        ILV_CHECK(ilv__any_runs(pid));
    end(pid);
}

static void process_whose_threads_all_sleep_does(void)
{
    pid_t pid = process(false);
    for (int i = 0; i < 10000 && ilv__any_runs(pid); i++)
        usleep(1000);
    for (int i = 0; i < 100; i++)
        ILV_CHECK(!ilv__any_runs(pid));
    end(pid);
}

ILV_SUITE(watchdog, ILV_TEST(run_that_spins_is_killed_and_named),
          ILV_TEST(run_that_sleeps_in_the_kernel_is_killed_and_named),
          ILV_TEST(first_run_that_spins_ends_the_hunt),
          ILV_TEST(slow_but_living_runs_are_left_alone),
          ILV_TEST(process_with_any_thread_that_computes_does_not_sleep),
          ILV_TEST(process_whose_threads_all_sleep_does));
