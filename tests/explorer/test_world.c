/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "fixtures.h"

static char error[512];

static const char *refusal(const char *option)
{
    static char *const argv[] = {NULL};
    struct ilv_world world;
    ilv_world_init(&world, argv);
    ILV_CHECK_INT(ilv_world_set(&world, option, error, sizeof error), -EINVAL);
    return error;
}

static void collect(const char *word, void *context)
{
    strcat(context, word);
    strcat(context, " ");
}

static void words_are_read_and_written_back(void)
{
    static const char *const words[] = {"fresh-dir",       "cpus=2",        "clock=idle",
                                        "faults=spurious", "start-at=work", "expect=out.txt",
                                        "check=test -f x", "same-output",   "max-steps=500",
                                        "backend=baton",   "trap=seccomp"};
    static char *const argv[] = {NULL};
    char expected[512] = "", got[512] = "";
    struct ilv_world world;
    ilv_world_init(&world, argv);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        ILV_CHECK_INT(ilv_world_set(&world, words[i], error, sizeof error), 0);
        collect(words[i], expected);
    }
    ilv_world_each(&world, collect, got);
    ILV_CHECK_STR(got, expected);
}

static void defaults_need_no_words(void)
{
    static char *const argv[] = {NULL};
    char got[512] = "";
    struct ilv_world world;
    ilv_world_init(&world, argv);
    ilv_world_each(&world, collect, got);
    ILV_CHECK_STR(got, "");
    ILV_CHECK_INT(world.cpus, 4);
}

static void wrong_words_are_refused_with_what_there_is(void)
{
    ILV_CHECK_STR(refusal("cpus=0"), "--cpus: '0' is not valid; it takes a number from 1 to 1024");
    ILV_CHECK_STR(refusal("cpus=-1"),
                  "--cpus: '-1' is not valid; it takes a number from 1 to 1024");
    ILV_CHECK_STR(refusal("cpus=2x"),
                  "--cpus: '2x' is not valid; it takes a number from 1 to 1024");
    ILV_CHECK_STR(refusal("clock=fast"), "--clock: 'fast' is not valid; it takes free or idle");
    ILV_CHECK_STR(refusal("backend=green"),
                  "--backend: 'green' is not valid; it takes auto, fiber or baton");
    ILV_CHECK_STR(refusal("trap=maybe"),
                  "--trap: 'maybe' is not valid; it takes auto, dispatch, seccomp or off");
    ILV_CHECK_STR(refusal("faults=kill"),
                  "--faults: 'kill' is not valid; it takes none or spurious");
    ILV_CHECK_STR(refusal("max-steps=0"),
                  "--max-steps: '0' is not valid; it takes a number from 1 to 1000000000");
    ILV_CHECK_STR(refusal("speed=9"),
                  "unknown option 'speed=9'; interleave hunt --help lists them");
}

ILV_SUITE(world, ILV_TEST(words_are_read_and_written_back), ILV_TEST(defaults_need_no_words),
          ILV_TEST(wrong_words_are_refused_with_what_there_is));
