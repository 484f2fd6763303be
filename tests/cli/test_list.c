/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixtures.h"

static struct call call;

#define MANIFEST                                                                               \
    "{\"name\": \"stuck\", \"family\": \"locks\", \"question\": \"Does it?\", \"variants\": {" \
    "\"buggy\": {\"verdict\": \"deadlock\", \"kind\": \"cycle\", \"options\": [\"--runs\", "   \
    "\"50\"]}, \"fixed\": {\"verdict\": \"ok\", \"options\": []}}}"

/* A catalogue of one scenario whose programs are scripts around the fake program. */
static void catalogue(const char *fixed_mode)
{
    char script[256] = "#!/bin/sh\nexec " FAKE_SERVER " ";
    fixture_directory();
    if (mkdir("c", 0700) || mkdir("c/locks", 0700) || mkdir("c/locks/stuck", 0700))
        abort();
    fixture_file("c/locks/stuck/scenario.json", MANIFEST, 0644);
    fixture_file("c/locks/stuck/buggy", "#!/bin/sh\nexec " FAKE_SERVER " fail 3\n", 0755);
    strcat(strcat(script, fixed_mode), "\n");
    fixture_file("c/locks/stuck/fixed", script, 0755);
    setenv("ILV_SCENARIOS", "c", 1);
}

static void scenarios_are_listed_with_their_outcomes(void)
{
    catalogue("clean 4");
    fixture_call(&call, "list");
    ILV_CHECK_INT(call.status, 0);
    ILV_CHECK_STR(call.out, "locks\n"
                            "  stuck                  Does it?\n"
                            "                         deadlock (cycle); 1 fix\n"
                            "\ninterleave demo NAME tells one.\n");
}

static void demo_finds_replays_and_checks_the_fix(void)
{
    catalogue("clean 4");
    fixture_call(&call, "demo stuck");
    ILV_CHECK_INT(call.status, 0);
    ILV_CHECK(strstr(call.out, "locks/stuck: Does it?\n") == call.out);
    ILV_CHECK(strstr(call.out, "FOUND deadlock (cycle) in run 3: buggy-deadlock-1.sched\n") !=
              NULL);
    ILV_CHECK(strstr(call.out, "FAILED AGAIN as recorded: deadlock (cycle)") != NULL);
    ILV_CHECK_STR(fixture_last_line(call.out),
                  "NO FAILURE in 1000 runs (not a proof): 4 distinct behaviours");
}

static void demo_with_a_fix_that_fails_is_no_success(void)
{
    catalogue("fail 9");
    fixture_call(&call, "demo locks/stuck");
    ILV_CHECK_INT(call.status, 1);
    ILV_CHECK_STR(fixture_last_line(call.out),
                  "FOUND deadlock (cycle) in run 9: fixed-deadlock-1.sched");
}

#define SHOWN                                                                                  \
    "{\"name\": \"stuck\", \"family\": \"locks\", \"question\": \"Does it?\", \"variants\": {" \
    "\"demonstration\": {\"verdict\": \"demonstration\", \"expected\": \"expected.txt\", "     \
    "\"built_with\": \"cc\", \"options\": [\"--runs\", \"50\"]}}}"

/* A catalogue of one demonstration, whose program writes "one", "two". */
static void demonstrations(const char *expected)
{
    catalogue("clean 4");
    fixture_file("c/locks/stuck/scenario.json", SHOWN, 0644);
    fixture_file("c/locks/stuck/expected.txt", expected, 0644);
    fixture_file("c/locks/stuck/demonstration.cc", "#!/bin/sh\nexec " FAKE_SERVER " clean 4\n",
                 0755);
}

static void demonstration_is_hunted_with_what_it_must_write(void)
{
    demonstrations("one\ntwo\n");
    fixture_call(&call, "list");
    ILV_CHECK(strstr(call.out, " demonstration\n") != NULL);
    fixture_call(&call, "demo stuck");
    ILV_CHECK_INT(call.status, 0);
    ILV_CHECK(strstr(call.out, "\n$ interleave hunt --runs 50 --expect c/locks/stuck/expected.txt "
                               "--runs 1000 -- ") != NULL);
    ILV_CHECK(strstr(call.out, "c/locks/stuck/demonstration.cc\n") != NULL);
    ILV_CHECK_STR(fixture_last_line(call.out),
                  "NO FAILURE in 1000 runs (not a proof): 4 distinct behaviours");
}

static void demonstration_that_writes_something_else_is_no_success(void)
{
    demonstrations("one\nthree\n");
    fixture_call(&call, "demo stuck");
    ILV_CHECK_INT(call.status, 1);
    ILV_CHECK_STR(fixture_last_line(call.out),
                  "FOUND invariant (expect) in run 0: demonstration.cc-invariant-1.sched");
}

static void wrong_names_and_catalogues_are_refused(void)
{
    catalogue("clean 4");
    fixture_refused("demo", "interleave: demo: no scenario given; interleave list tells which "
                            "there are\n");
    fixture_refused("demo nothing", "interleave: demo: no scenario 'nothing'; interleave list "
                                    "tells which there are\n");
    fixture_refused("demo shared/stuck", "interleave: demo: no scenario 'shared/stuck'; "
                                         "interleave list tells which there are\n");
    fixture_file("c/locks/stuck/scenario.json", "{\"name\": \"x\"}", 0644);
    fixture_refused("list", "interleave: c/locks/stuck/scenario.json:1: not a scenario: a key is "
                            "missing; it needs name, family and variants\n");
    setenv("ILV_SCENARIOS", "empty", 1);
    fixture_refused("list", "interleave: empty: no scenarios there; name their directory in "
                            "ILV_SCENARIOS\n");
}

static void variant_that_is_not_built_is_named(void)
{
    catalogue("clean 4");
    unlink("c/locks/stuck/buggy");
    fixture_call(&call, "demo stuck");
    ILV_CHECK_INT(call.status, 2);
    ILV_CHECK_STR(call.err,
                  "interleave: demo: stuck/buggy is not built; build the target scenarios\n");
}

ILV_SUITE(list, ILV_TEST(scenarios_are_listed_with_their_outcomes),
          ILV_TEST(demo_finds_replays_and_checks_the_fix),
          ILV_TEST(demo_with_a_fix_that_fails_is_no_success),
          ILV_TEST(demonstration_is_hunted_with_what_it_must_write),
          ILV_TEST(demonstration_that_writes_something_else_is_no_success),
          ILV_TEST(wrong_names_and_catalogues_are_refused),
          ILV_TEST(variant_that_is_not_built_is_named));
