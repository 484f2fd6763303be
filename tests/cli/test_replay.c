/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixtures.h"

static struct call call;

/* A schedule of `./fake MODE 3` in fake-deadlock-1.sched. */
static void hunted(const char *mode)
{
    char line[128];
    snprintf(line, sizeof line, "hunt -q -- ./fake %s 3", mode);
    fixture_directory();
    fixture_call(&call, line);
    ILV_CHECK(!strncmp(call.out, "FOUND deadlock (cycle) in run 3: fake-deadlock-1.sched\n", 55) ||
              !strncmp(call.out, "UNCONFIRMED", 11));
}

/* Replaces a line of the schedule by another one. */
static void edited(const char *begin, const char *line)
{
    char command[512];
    snprintf(command, sizeof command, "sed -i 's|^%s.*|%s|' fake-deadlock-1.sched", begin, line);
    ILV_CHECK_INT(system(command), 0);
}

static void schedule_fails_again_every_time(void)
{
    hunted("fail");
    for (int i = 0; i < 3; i++) {
        fixture_call(&call, "replay fake-deadlock-1.sched");
        ILV_CHECK_INT(call.status, 1);
        ILV_CHECK_STR(fixture_last_line(call.out),
                      "FAILED AGAIN as recorded: deadlock (cycle) after 3 steps");
        ILV_CHECK(strstr(call.out, "replay: interleave replay fake-deadlock-1.sched\n") != NULL);
        ILV_CHECK_STR(call.err, "");
    }
}

static void replays_are_counted_when_they_are_the_same(void)
{
    hunted("fail");
    fixture_call(&call, "replay -q --times 12 fake-deadlock-1.sched");
    ILV_CHECK_INT(call.status, 1);
    ILV_CHECK_STR(call.out, "FAILED AGAIN as recorded: deadlock (cycle) after 3 steps, the same in "
                            "12 replays\n");
    ILV_CHECK_STR(call.err, "");
    fixture_refused("replay --times 0 fake-deadlock-1.sched",
                    "interleave: --times: '0' is not valid; it takes a number from 1 to "
                    "4294967295\n");
    fixture_refused("replay --times 2 --gdb fake-deadlock-1.sched",
                    "interleave: replay: --gdb and --times do not go together; give one of them\n");
}

static void replay_that_differs_from_the_first_is_told(void)
{
    fixture_directory();
    fixture_call(&call, "hunt -q -- ./fake drift 0");
    ILV_CHECK_INT(call.status, 1);
    fixture_call(&call, "replay -q --times 30 fake-deadlock-1.sched");
    ILV_CHECK_INT(call.status, 3);
    ILV_CHECK_STR(call.out, "DIFFERENT: fake-deadlock-1.sched, recorded deadlock (cycle): replay 3 "
                            "of 30: step 2 is T0 mutex-unlock M1, and in the first T0.1 "
                            "mutex-unlock M1\n");
}

static void program_that_behaves_otherwise_is_told(void)
{
    hunted("fail");
    edited("arg\\* fail", "arg* clean");
    fixture_call(&call, "replay -q fake-deadlock-1.sched");
    ILV_CHECK_INT(call.status, 3);
    ILV_CHECK_STR(call.out, "DIFFERENT: fake-deadlock-1.sched, recorded deadlock (cycle): recorded "
                            "was deadlock (cycle), and the run ended with none\n");
}

static void divergence_is_told_with_its_place(void)
{
    hunted("diverge");
    fixture_call(&call, "replay -q fake-deadlock-1.sched");
    ILV_CHECK_INT(call.status, 3);
    ILV_CHECK_STR(call.out, "DIVERGED: fake-deadlock-1.sched, recorded deadlock (cycle): choice 1 "
                            "of the schedule is T0.1 run mutex-lock@1, and the program was "
                            "elsewhere: T0.1 at none@0\n");
}

static void unusable_schedules_are_refused(void)
{
    hunted("fail");
    fixture_refused("replay", "interleave: replay: no schedule given; write interleave replay "
                              "FILE.sched\n");
    fixture_refused("replay a b", "interleave: replay: more than one schedule given; write "
                                  "interleave replay FILE.sched\n");
    fixture_refused("replay nothing.sched", "interleave: nothing.sched: cannot be read: No such "
                                            "file or directory; name a schedule that hunt wrote\n");
    edited("interleave-schedule 2", "interleave-schedule 9");
    fixture_call(&call, "replay fake-deadlock-1.sched");
    ILV_CHECK_INT(call.status, 2);
    ILV_CHECK_STR(strchr(call.err, '\n'), "\n");
    ILV_CHECK(!strncmp(call.err, "interleave: fake-deadlock-1.sched:1: ", 37));
}

static void schedule_of_a_missing_program_is_refused(void)
{
    hunted("fail");
    edited("program ./fake", "program ./gone");
    fixture_refused("replay fake-deadlock-1.sched", "interleave: ./gone: No such file or "
                                                    "directory; give the path of a program\n");
}

static void schedule_of_another_build_is_refused(void)
{
    hunted("fail");
    edited("finding", "build* 00112233445566778899aabbccddeeff00112233 fake_server\\n&");
    fixture_call(&call, "replay fake-deadlock-1.sched");
    ILV_CHECK_INT(call.status, 2);
    ILV_CHECK(!strncmp(call.err,
                       "interleave: fake-deadlock-1.sched: made with another build of "
                       "./fake (001122334455, now it is ",
                       94));
    ILV_CHECK(strstr(call.err, "); hunt again, or use the build it was made with\n") != NULL);
}

static void schedule_with_an_unknown_option_is_refused(void)
{
    hunted("fail");
    edited("finding", "option* warp=9\\n&");
    fixture_refused("replay fake-deadlock-1.sched",
                    "interleave: unknown option 'warp=9'; interleave hunt --help lists them\n");
}

/* A count of findings that a run goes on after is 1 to 254. */
static void schedule_that_passes_impossibly_many_is_refused(void)
{
    static const char *const wrong[] = {"passes=0", "passes=255", "passes=257", "passes=1x"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char line[64];
        char error[128];
        hunted("fail");
        snprintf(line, sizeof line, "seed 1\\noption* %s", wrong[i]);
        edited("seed", line);
        snprintf(error, sizeof error,
                 "interleave: unknown option '%s'; interleave hunt --help lists them\n", wrong[i]);
        fixture_refused("replay fake-deadlock-1.sched", error);
    }
    hunted("fail");
    edited("seed", "seed 1\\noption* passes=254");
    fixture_call(&call, "replay -q fake-deadlock-1.sched");
    ILV_CHECK_INT(call.status, 1);
}

static void changed_input_is_refused(void)
{
    fixture_directory();
    fixture_file("in.txt", "one\n", 0644);
    fixture_call(&call, "hunt -q --stdin in.txt -- ./fake fail 3");
    ILV_CHECK_INT(call.status, 1);
    fixture_call(&call, "replay -q fake-deadlock-1.sched");
    ILV_CHECK_INT(call.status, 1);
    fixture_file("in.txt", "two\n", 0644);
    fixture_refused("replay fake-deadlock-1.sched",
                    "interleave: fake-deadlock-1.sched: made with another content of in.txt, its "
                    "standard input; hunt again, or put back the file\n");
}

static void show_writes_text_and_json(void)
{
    hunted("fail");
    fixture_call(&call, "show fake-deadlock-1.sched");
    ILV_CHECK_INT(call.status, 0);
    ILV_CHECK(strstr(call.out, "deadlock (cycle)") != NULL);
    fixture_call(&call, "show --json - fake-deadlock-1.sched");
    ILV_CHECK_INT(call.status, 0);
    ILV_CHECK(strstr(call.out, "\"format\": \"interleave-run\"") != NULL);
    fixture_call(&call, "show --json run.json fake-deadlock-1.sched");
    ILV_CHECK_INT(call.status, 0);
    ILV_CHECK_STR(call.out, "");
    ILV_CHECK_INT(system("grep -q interleave-run run.json"), 0);
    fixture_refused("show --json no/run.json fake-deadlock-1.sched",
                    "interleave: show: no/run.json cannot be written: No such file or directory\n");
}

static void output_is_told_when_asked_for(void)
{
    static const char wanted[] = "  the program's output, 8 bytes:\n    one\n    two\n";
    hunted("fail");
    fixture_call(&call, "show --output fake-deadlock-1.sched");
    ILV_CHECK_INT(call.status, 0);
    ILV_CHECK(strstr(call.out, wanted) != NULL);
    fixture_call(&call, "replay --output fake-deadlock-1.sched");
    ILV_CHECK_INT(call.status, 1);
    ILV_CHECK(strstr(call.out, wanted) != NULL);
    fixture_call(&call, "show --output --json - fake-deadlock-1.sched");
    ILV_CHECK(strstr(call.out, "\"head\": \"one\\ntwo\\n\"") != NULL);
}

static void output_is_not_told_unless_asked_for(void)
{
    hunted("fail");
    fixture_call(&call, "show fake-deadlock-1.sched");
    ILV_CHECK(strstr(call.out, "output") == NULL);
    fixture_call(&call, "replay fake-deadlock-1.sched");
    ILV_CHECK(strstr(call.out, "output") == NULL);
    fixture_call(&call, "show --json - fake-deadlock-1.sched");
    ILV_CHECK(strstr(call.out, "output") == NULL);
}

static void show_of_a_divergence_says_so(void)
{
    hunted("diverge");
    fixture_call(&call, "show fake-deadlock-1.sched");
    ILV_CHECK_INT(call.status, 3);
    ILV_CHECK(!strncmp(call.err, "DIVERGED: fake-deadlock-1.sched: choice 1 ", 42));
}

ILV_SUITE(replay, ILV_TEST(schedule_fails_again_every_time),
          ILV_TEST(replays_are_counted_when_they_are_the_same),
          ILV_TEST(replay_that_differs_from_the_first_is_told),
          ILV_TEST(program_that_behaves_otherwise_is_told),
          ILV_TEST(divergence_is_told_with_its_place), ILV_TEST(unusable_schedules_are_refused),
          ILV_TEST(schedule_of_a_missing_program_is_refused),
          ILV_TEST(schedule_of_another_build_is_refused),
          ILV_TEST(schedule_with_an_unknown_option_is_refused),
          ILV_TEST(schedule_that_passes_impossibly_many_is_refused),
          ILV_TEST(changed_input_is_refused), ILV_TEST(show_writes_text_and_json),
          ILV_TEST(output_is_told_when_asked_for), ILV_TEST(output_is_not_told_unless_asked_for),
          ILV_TEST(show_of_a_divergence_says_so));
