/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "fixtures.h"

static struct call call;

static void help_lists_every_command(void)
{
    static const char *const names[] = {"hunt", "replay", "show", "doctor",
                                        "list", "demo",   "cc",   "cxx"};
    fixture_directory();
    fixture_call(&call, "--help");
    ILV_CHECK_INT(call.status, 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        ILV_CHECK(strstr(call.out, names[i]) != NULL);
}

static void every_command_has_help(void)
{
    static const char *const calls[] = {"hunt --help",   "replay --help", "show --help",
                                        "doctor --help", "list --help",   "demo --help",
                                        "cc --help",     "cxx --help"};
    fixture_directory();
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        fixture_call(&call, calls[i]);
        ILV_CHECK_INT(call.status, 0);
        ILV_CHECK(!strncmp(call.out, "Usage: interleave ", 18));
    }
}

static void version_is_told(void)
{
    fixture_directory();
    fixture_call(&call, "--version");
    ILV_CHECK_INT(call.status, 0);
    ILV_CHECK(!strncmp(call.out, "interleave ", 11));
}

static void wrong_commands_are_refused(void)
{
    fixture_directory();
    fixture_refused("", "interleave: no command; interleave --help lists them\n");
    fixture_refused("fly", "interleave: no command 'fly'; there are hunt, replay, show, doctor, "
                           "list, demo, cc, cxx\n");
}

static void wrong_budgets_are_refused(void)
{
    fixture_directory();
    fixture_refused("hunt --runs 0 -- ./fake", "interleave: --runs: '0' is not valid; it takes a "
                                               "number from 1 to 4294967294\n");
    fixture_refused("hunt --runs 1e3 -- ./fake", "interleave: --runs: '1e3' is not valid; it takes "
                                                 "a number from 1 to 4294967294\n");
    fixture_refused("hunt --seconds -1 -- ./fake", "interleave: --seconds: '-1' is not valid; it "
                                                   "takes a number, 0 for no limit\n");
    fixture_refused("hunt --seed x -- ./fake", "interleave: --seed: 'x' is not valid; it takes a "
                                               "number from 0 to 18446744073709551615\n");
    fixture_refused("hunt -j 0 -- ./fake",
                    "interleave: -j: '0' is not valid; it takes a number from 1 to 256\n");
}

static void unknown_strategies_and_parameters_are_refused(void)
{
    fixture_directory();
    fixture_call(&call, "hunt --strategy luck -- ./fake");
    ILV_CHECK_INT(call.status, 2);
    ILV_CHECK(strstr(call.err, "luck") != NULL && strstr(call.err, "round-robin") != NULL);
    ILV_CHECK_STR(strchr(call.err, '\n'), "\n");
    fixture_call(&call, "hunt --strategy pct:q=3 -- ./fake");
    ILV_CHECK_INT(call.status, 2);
    ILV_CHECK(strstr(call.err, "q") != NULL);
    ILV_CHECK_STR(strchr(call.err, '\n'), "\n");
}

static void wrong_worlds_are_refused(void)
{
    fixture_directory();
    fixture_refused("hunt --cpus 0 -- ./fake",
                    "interleave: --cpus: '0' is not valid; it takes a number from 1 to 1024\n");
    fixture_refused("hunt --clock slow -- ./fake",
                    "interleave: --clock: 'slow' is not valid; it takes free or idle\n");
    fixture_refused("hunt --backend x -- ./fake",
                    "interleave: --backend: 'x' is not valid; it takes auto, fiber or baton\n");
    fixture_refused("hunt --stdin nothing -- ./fake", "interleave: --stdin: nothing: No such file "
                                                      "or directory; give a readable file\n");
    fixture_refused("hunt --expect nothing -- ./fake", "interleave: --expect: nothing: No such "
                                                       "file or directory; give a readable file\n");
    fixture_refused("hunt --suppress nothing -- ./fake",
                    "interleave: --suppress: nothing: No such file or directory; give a readable "
                    "file\n");
}

static void missing_and_wrong_programs_are_refused(void)
{
    fixture_directory();
    fixture_file("text", "hello\n", 0644);
    fixture_refused("hunt",
                    "interleave: no program to hunt in; write interleave hunt [options] -- CMD\n");
    fixture_refused("hunt -- no-such-command", "interleave: no-such-command: command not found; "
                                               "give a path such as ./no-such-command\n");
    fixture_refused("hunt -- ./nothing", "interleave: ./nothing: No such file or directory; give "
                                         "the path of a program\n");
    fixture_refused("hunt -- ./text",
                    "interleave: ./text: not executable; chmod +x it if it is a program\n");
    fixture_refused("hunt -- ./fake dies", "interleave: ./fake: ended before the sandbox could "
                                           "begin (exit status 3): no such library; does it run "
                                           "by itself?\n");
    fixture_refused("hunt -- ./fake early-end", "interleave: ./fake: ended before main was "
                                                "reached; there is nothing to hunt in\n");
}

static void environment_gives_defaults_and_is_checked(void)
{
    fixture_directory();
    setenv("ILV_BACKEND", "green", 1);
    fixture_refused("hunt -- ./fake",
                    "interleave: --backend: 'green' is not valid; it takes auto, fiber or baton\n");
    setenv("ILV_BACKEND", "baton", 1);
    fixture_call(&call, "hunt --runs 5 -- ./fake clean 2");
    ILV_CHECK_INT(call.status, 0);
}

ILV_SUITE(usage, ILV_TEST(help_lists_every_command), ILV_TEST(every_command_has_help),
          ILV_TEST(version_is_told), ILV_TEST(wrong_commands_are_refused),
          ILV_TEST(wrong_budgets_are_refused),
          ILV_TEST(unknown_strategies_and_parameters_are_refused),
          ILV_TEST(wrong_worlds_are_refused), ILV_TEST(missing_and_wrong_programs_are_refused),
          ILV_TEST(environment_gives_defaults_and_is_checked));
