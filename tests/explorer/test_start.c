/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fixtures.h"

static struct fixture f;

/* The whole line, after the name of the program. */
static const char *refusal(const char *mode)
{
    fixture_hunt_init(&f, mode, 0);
    ILV_CHECK_INT(fixture_hunt(&f), -ENOEXEC);
    size_t n = strlen(FAKE_SERVER);
    return strncmp(f.error, FAKE_SERVER, n) ? f.error : f.error + n;
}

static void restart_at_the_constructors_is_obeyed_once(void)
{
    fixture_hunt_init(&f, "restart", 3);
    ILV_CHECK_INT(fixture_hunt(&f), 0);
    ILV_CHECK_INT(f.result.runs, 300);
    ILV_CHECK_STR(refusal("restart-twice"),
                  ": makes threads before it can be stopped; use --start-at SYMBOL");
}

static void programs_that_do_not_come_to_their_start_are_refused(void)
{
    ILV_CHECK_STR(refusal("early-end"),
                  ": ended before main was reached; there is nothing to hunt in");
    ILV_CHECK_STR(refusal("dies"), ": ended before the sandbox could begin (exit status 3): no "
                                   "such library; does it run by itself?");
    ILV_CHECK_STR(refusal("mute"), ": does not come to main; does it run by itself?");
}

static void start_symbol_that_is_never_called_is_named(void)
{
    fixture_hunt_init(&f, "early-end", 0);
    f.world.start_symbol = "begin_work";
    ILV_CHECK_INT(fixture_hunt(&f), -ENOEXEC);
    ILV_CHECK_STR(f.error + strlen(FAKE_SERVER),
                  ": ended before begin_work was reached; name a function that the program calls");
}

static void missing_runtime_is_named(void)
{
    fixture_hunt_init(&f, "clean", 0);
    f.hunt.setup.runtime = "./nowhere.so";
    ILV_CHECK_INT(fixture_hunt(&f), -ENOENT);
    ILV_CHECK_STR(f.error, "./nowhere.so is not there; install the runtime beside the command or "
                           "name it in ILV_RUNTIME");
}

static void missing_input_is_named(void)
{
    fixture_hunt_init(&f, "clean", 0);
    f.world.stdin_file = "nothing.txt";
    ILV_CHECK_INT(fixture_hunt(&f), -ENOENT);
    ILV_CHECK_STR(f.error, "--stdin: nothing.txt: No such file or directory; give a readable file");
}

static void interrupt_before_the_first_run_is_told(void)
{
    static volatile sig_atomic_t now = 1;
    fixture_hunt_init(&f, "mute", 0);
    f.hunt.setup.interrupted = &now;
    ILV_CHECK_INT(fixture_hunt(&f), -EINTR);
    ILV_CHECK_STR(f.error + strlen(FAKE_SERVER), ": interrupted before the first run");
}

ILV_SUITE(start, ILV_TEST(restart_at_the_constructors_is_obeyed_once),
          ILV_TEST(programs_that_do_not_come_to_their_start_are_refused),
          ILV_TEST(start_symbol_that_is_never_called_is_named), ILV_TEST(missing_runtime_is_named),
          ILV_TEST(missing_input_is_named), ILV_TEST(interrupt_before_the_first_run_is_told));
