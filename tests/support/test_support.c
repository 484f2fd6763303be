/* SPDX-License-Identifier: MIT */
/* The harness itself: runs SAMPLE (sample.c) and looks at what it says. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "ilv_test.h"

/* Runs the sample with the arguments; returns its exit status, its output in text. */
static int run(const char *arguments, char *text, size_t size)
{
    char command[4096];
    (void)snprintf(command, sizeof command, "'%s' %s 2>&1", SAMPLE, arguments);
    FILE *in = popen(command, "r"); /* NOLINT(cert-env33-c) */
    if (!ILV_CHECK(in != NULL)) {
        return -1;
    }
    size_t used = fread(text, 1, size - 1, in);
    text[used] = '\0';
    int status = pclose(in);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void names_are_listed_one_a_line(void)
{
    char text[2000];
    ILV_CHECK_INT(run("--list", text, sizeof text), 0);
    ILV_CHECK_STR(text, "sample.passes\nsample.fails\nsample.checks_nothing\nsample.is_skipped\n"
                        "sample.dies\n");
}

static void a_test_that_passes_says_nothing(void)
{
    char text[2000];
    ILV_CHECK_INT(run("sample.passes", text, sizeof text), 0);
    ILV_CHECK_STR(text, "");
}

static void a_failure_says_where_both_values_and_the_seed(void)
{
    char text[2000];
    ILV_CHECK_INT(run("sample.fails", text, sizeof text), 1);
    ILV_CHECK_STR(text, "tests/support/sample.c:16: 1 + 1 is 2, expected 3 (seed 7)\n"
                        "tests/support/sample.c:17: 10 is 0xa (10), expected 0xb (11) (seed 7)\n"
                        "tests/support/sample.c:18: \"a\" is\n  \"a\"\nexpected\n  \"(null)\" "
                        "(seed 7)\n"
                        "sample.fails: 3 of 5 checks failed\n");
}

static void the_seed_comes_from_the_environment(void)
{
    char text[2000];
    (void)setenv("ILV_TEST_SEED", "99", 1);
    ILV_CHECK_INT(run("sample.fails", text, sizeof text), 1);
    ILV_CHECK(strstr(text, "expected 3 (seed 99)\n") != NULL);
}

static void a_test_that_checks_nothing_fails(void)
{
    char text[2000];
    ILV_CHECK_INT(run("sample.checks_nothing", text, sizeof text), 1);
    ILV_CHECK_STR(text, "sample.checks_nothing checks nothing\n");
}

static void a_skipped_test_says_why(void)
{
    char text[2000];
    ILV_CHECK_INT(run("sample.is_skipped", text, sizeof text), 77);
    ILV_CHECK_STR(text, "skipped: no moon here\n");
}

static void an_unknown_test_is_an_error(void)
{
    char text[2000];
    ILV_CHECK_INT(run("sample.passe", text, sizeof text), 2);
    ILV_CHECK(strstr(text, "sample.passe: no such test; ") == text);
}

static void without_arguments_all_run_whatever_happens_to_one(void)
{
    char text[4000];
    ILV_CHECK_INT(run("", text, sizeof text), 1);
    ILV_CHECK(strstr(text, "sample.dies: killed by signal 9 (Killed)\n") != NULL);
    ILV_CHECK(strstr(text, "1 passed, 3 failed, 1 skipped\n") != NULL);
}

ILV_SUITE(harness, ILV_TEST(names_are_listed_one_a_line), ILV_TEST(a_test_that_passes_says_nothing),
          ILV_TEST(a_failure_says_where_both_values_and_the_seed),
          ILV_TEST(the_seed_comes_from_the_environment), ILV_TEST(a_test_that_checks_nothing_fails),
          ILV_TEST(a_skipped_test_says_why), ILV_TEST(an_unknown_test_is_an_error),
          ILV_TEST(without_arguments_all_run_whatever_happens_to_one));

#define SUITES(X) X(harness)
ILV_TEST_MAIN(SUITES)
