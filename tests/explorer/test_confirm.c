/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fixtures.h"

static struct fixture f;

static void schedule_tells_how_to_replay(void)
{
    fixture_hunt_init(&f, "fail", 50);
    f.world.cpus = 2;
    f.hunt.seed = 9;
    ILV_CHECK_INT(fixture_hunt(&f), 0);
    const struct ilv_schedule *s = &f.result.schedule;
    ILV_CHECK_STR(s->program, FAKE_SERVER);
    ILV_CHECK_INT(s->arg_count, 2);
    ILV_CHECK_STR(s->args[0], "fail");
    ILV_CHECK_U64(s->seed, 9);
    ILV_CHECK_INT(s->run, 50);
    ILV_CHECK_INT(s->verdict, ILV_VERDICT_DEADLOCK);
    ILV_CHECK_INT(s->kind, ILV_KIND_CYCLE);
    ILV_CHECK_U64(s->trace_hash, 150);
    ILV_CHECK_INT(s->choice_count, 1);
    ILV_CHECK_STR(s->task_paths[1], "T0.1");
    ILV_CHECK_STR(s->options[0], "cpus=2");
    ILV_CHECK(f.result.run != NULL);
    ilv_hunt_free(&f.result);
}

/* Saves the schedule of the last hunt and plays the file back. */
static int replay_of_file(struct ilv_replay_result *result)
{
    struct ilv_schedule read;
    char path[256] = "";
    *result = (struct ilv_replay_result){0};
    ILV_CHECK_INT(ilv_schedule_save(&f.result.schedule, ".", "x", path, sizeof path), 0);
    if (!ILV_CHECK_INT(ilv_schedule_read(path, &read, f.error, sizeof f.error), 0))
        return -1;
    int failed = ilv_replay(&read, "x-1.sched", &f.hunt.setup, ILV_BACKEND_AUTO, ILV_TRAP_AUTO,
                            result, f.error, sizeof f.error);
    ilv_schedule_free(&read);
    return failed;
}

static void saved_schedule_fails_again(void)
{
    struct ilv_replay_result result = {0};
    fixture_hunt_init(&f, "fail", 50);
    ILV_CHECK_INT(fixture_hunt(&f), 0);
    ILV_CHECK_INT(replay_of_file(&result), 0);
    ILV_CHECK_INT(result.end, ILV_REPLAY_SAME);
    ILV_CHECK_INT(result.finding.kind, ILV_KIND_CYCLE);
    ILV_CHECK_U64(result.summary.trace_hash, 150);
    ILV_CHECK_INT(fixture_children(), 0);
    ilv_replay_free(&result);
    ilv_hunt_free(&f.result);
}

static void other_trace_is_told(void)
{
    struct ilv_replay_result result = {0};
    fixture_hunt_init(&f, "fail", 50);
    ILV_CHECK_INT(fixture_hunt(&f), 0);
    f.result.schedule.trace_hash = 7;
    ILV_CHECK_INT(replay_of_file(&result), 0);
    ILV_CHECK_INT(result.end, ILV_REPLAY_OTHER);
    ILV_CHECK_STR(result.why, "the same finding, reached by another trace of 3 steps");
    ilv_replay_free(&result);
    ilv_hunt_free(&f.result);
}

static void other_build_is_refused(void)
{
    struct ilv_replay_result result = {0};
    fixture_hunt_init(&f, "fail", 50);
    ILV_CHECK_INT(fixture_hunt(&f), 0);
    struct ilv_schedule_build build = {.id = "00112233445566778899aabbccddeeff00112233",
                                       .name = "fake_server"};
    free(f.result.schedule.builds);
    f.result.schedule.builds = malloc(sizeof build);
    *f.result.schedule.builds = build;
    f.result.schedule.build_count = 1;
    ILV_CHECK_INT(replay_of_file(&result), -ESTALE);
    const char *begin = "x-1.sched: made with another build of ";
    ILV_CHECK(!strncmp(f.error, begin, strlen(begin)));
    ILV_CHECK(strstr(f.error, "fake_server (001122334455, now it is ") != NULL);
    ILV_CHECK(strstr(f.error, "); hunt again, or use the build it was made with") != NULL);
    ilv_hunt_free(&f.result);
}

/* Plays the schedule of a deadlock back as a witness of this source. */
static int replay_as_witness_of(const char *source)
{
    struct ilv_replay_result result = {0};
    fixture_hunt_init(&f, "fail", 50);
    ILV_CHECK_INT(fixture_hunt(&f), 0);
    f.result.schedule.source = strdup(source);
    int failed = replay_of_file(&result);
    ILV_CHECK(failed || result.end == ILV_REPLAY_SAME);
    ilv_replay_free(&result);
    ilv_hunt_free(&f.result);
    return failed;
}

static void witness_of_this_source_is_played_back(void)
{
    ILV_CHECK_INT(replay_as_witness_of("explorer/fake_server"), 0);
    ILV_CHECK_INT(replay_as_witness_of("fake_server"), 0);
    ILV_CHECK_INT(replay_as_witness_of("more/tests/explorer/fake_server"), 0);
}

static void witness_of_another_source_is_refused(void)
{
    static const char wanted[] = "x-1.sched: a witness of locks/fake_server, and " FAKE_SERVER
                                 " was built from tests/explorer/fake_server.c; replay it with "
                                 "the variant that it was made for";
    ILV_CHECK_INT(replay_as_witness_of("locks/fake_server"), -ESTALE);
    ILV_CHECK_STR(f.error, wanted);
    ILV_CHECK_INT(replay_as_witness_of("explorer/server"), -ESTALE);
    ILV_CHECK_INT(replay_as_witness_of("server"), -ESTALE);
    ILV_CHECK_INT(replay_as_witness_of("explorer/my_fake_server"), -ESTALE);
}

static void failure_that_does_not_replay_is_unconfirmed(void)
{
    fixture_hunt_init(&f, "fickle", 12);
    ILV_CHECK_INT(fixture_hunt(&f), 0);
    ILV_CHECK_INT(f.result.end, ILV_HUNT_UNCONFIRMED);
    ILV_CHECK_INT(f.result.summary.run, 12);
    ILV_CHECK_STR(f.result.why, "recorded was deadlock (cycle), and the run ended with none");
    ilv_hunt_free(&f.result);
}

static void divergence_names_the_choice_and_what_was_there(void)
{
    fixture_hunt_init(&f, "diverge", 12);
    ILV_CHECK_INT(fixture_hunt(&f), 0);
    ILV_CHECK_INT(f.result.end, ILV_HUNT_UNCONFIRMED);
    ILV_CHECK_STR(f.result.why, "choice 1 of the schedule is T0.1 run mutex-lock@1, and the "
                                "program was elsewhere: T0.1 at none@0");
    ilv_hunt_free(&f.result);
}

static void divergence_at_a_signal_names_its_number(void)
{
    struct ilv_replay_result result = {0};
    fixture_hunt_init(&f, "diverge", 12);
    ILV_CHECK_INT(fixture_hunt(&f), 0);
    f.result.schedule.choices[0].how = ILV_HOW_SIGNAL;
    f.result.schedule.choices[0].signal = 10;
    ILV_CHECK_INT(replay_of_file(&result), 0);
    ILV_CHECK_INT(result.end, ILV_REPLAY_DIVERGED);
    ILV_CHECK_STR(result.why, "choice 1 of the schedule is T0.1 signal:10 mutex-lock@1, and the "
                              "program was elsewhere: T0.1 at none@0");
    ilv_replay_free(&result);
    ilv_hunt_free(&f.result);
}

/* The program could have written anything there: the schedule names what can be a word of
 * memory. */
static void schedule_names_words_of_memory_only(void)
{
    fixture_hunt_init(&f, "met", 12);
    ILV_CHECK_INT(fixture_hunt(&f), 0);
    ILV_CHECK_INT(f.result.end, ILV_HUNT_FOUND);
    ILV_CHECK_INT(f.result.schedule.point_count, 1);
    ILV_CHECK_INT(f.result.schedule.watch_count, 1);
    ILV_CHECK(ilv_location_equal(f.result.schedule.points, f.result.schedule.watches));
    ILV_CHECK_U64(f.result.schedule.points->offset, 0x4010);
    ilv_hunt_free(&f.result);
    fixture_hunt_init(&f, "fail", 0);
    ILV_CHECK_INT(fixture_hunt(&f), 0);
    ILV_CHECK_INT(f.result.schedule.point_count + f.result.schedule.watch_count, 0);
    ilv_hunt_free(&f.result);
}

static bool has_option(const char *word)
{
    for (uint32_t i = 0; i < f.result.schedule.option_count; i++) {
        if (!strcmp(f.result.schedule.options[i], word))
            return true;
    }
    return false;
}

static void failure_that_needs_early_deadlines_says_so(void)
{
    fixture_hunt_init(&f, "early", 0);
    ILV_CHECK_INT(fixture_hunt(&f), 0);
    ILV_CHECK_INT(f.result.end, ILV_HUNT_FOUND);
    ILV_CHECK(has_option("early"));
    ilv_hunt_free(&f.result);
    fixture_hunt_init(&f, "early", 0);
    f.world.clock = ILV_CLOCK_IDLE;
    ILV_CHECK_INT(fixture_hunt(&f), 0);
    ILV_CHECK_INT(f.result.end, ILV_HUNT_CLEAN);
}

static void failure_that_needs_no_early_deadlines_is_told_without(void)
{
    fixture_hunt_init(&f, "fail", 0);
    for (f.hunt.seed = 1; f.hunt.seed < 100; f.hunt.seed++) {
        ILV_CHECK_INT(fixture_hunt(&f), 0);
        ILV_CHECK(!has_option("early"));
        ilv_hunt_free(&f.result);
    }
}

ILV_SUITE(confirm, ILV_TEST(schedule_tells_how_to_replay), ILV_TEST(saved_schedule_fails_again),
          ILV_TEST(other_trace_is_told), ILV_TEST(other_build_is_refused),
          ILV_TEST(witness_of_this_source_is_played_back),
          ILV_TEST(witness_of_another_source_is_refused),
          ILV_TEST(failure_that_does_not_replay_is_unconfirmed),
          ILV_TEST(divergence_names_the_choice_and_what_was_there),
          ILV_TEST(divergence_at_a_signal_names_its_number),
          ILV_TEST(schedule_names_words_of_memory_only),
          ILV_TEST(failure_that_needs_early_deadlines_says_so),
          ILV_TEST(failure_that_needs_no_early_deadlines_is_told_without));
