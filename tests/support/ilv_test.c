/* SPDX-License-Identifier: MIT */
#include "ilv_test.h"

#include <CUnit/Basic.h>
#include <CUnit/TestRun.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PASSED = 0, FAILED = 1, UNKNOWN = 2, SKIPPED = 77 };

static uint64_t seed;
static bool seeded;

/* Counts a check; says where it failed. The caller has said what. */
static bool count_check(bool holds, const char *what, const char *file, unsigned line)
{
    if (!holds && seeded) {
        (void)fprintf(stderr, " (seed %" PRIu64 ")", seed);
    }
    if (!holds) {
        (void)fputc('\n', stderr);
    }
    (void)CU_assertImplementation(holds ? CU_TRUE : CU_FALSE, line, what, file, "", CU_FALSE);
    return holds;
}

bool ilv_test_check(bool holds, const char *what, const char *file, unsigned line)
{
    if (!holds) {
        (void)fprintf(stderr, "%s:%u: %s does not hold", file, line, what);
    }
    return count_check(holds, what, file, line);
}

bool ilv_test_check_int(long long actual, long long expected, const char *what, const char *file,
                        unsigned line)
{
    if (actual != expected) {
        (void)fprintf(stderr, "%s:%u: %s is %lld, expected %lld", file, line, what, actual,
                      expected);
    }
    return count_check(actual == expected, what, file, line);
}

bool ilv_test_check_u64(uint64_t actual, uint64_t expected, const char *what, const char *file,
                        unsigned line)
{
    if (actual != expected) {
        (void)fprintf(stderr,
                      "%s:%u: %s is 0x%" PRIx64 " (%" PRIu64 "), expected 0x%" PRIx64 " (%" PRIu64
                      ")",
                      file, line, what, actual, actual, expected, expected);
    }
    return count_check(actual == expected, what, file, line);
}

bool ilv_test_check_str(const char *actual, const char *expected, const char *what,
                        const char *file, unsigned line)
{
    bool equal = actual && expected ? strcmp(actual, expected) == 0 : actual == expected;
    if (!equal) {
        (void)fprintf(stderr, "%s:%u: %s is\n  \"%s\"\nexpected\n  \"%s\"", file, line, what,
                      actual ? actual : "(null)", expected ? expected : "(null)");
    }
    return count_check(equal, what, file, line);
}

uint64_t ilv_test_seed(uint64_t usual)
{
    const char *text = getenv("ILV_TEST_SEED");
    seed = text && *text ? strtoull(text, NULL, 0) : usual;
    seeded = true;
    return seed;
}

void ilv_test_skip(const char *reason, ...)
{
    va_list arguments;
    va_start(arguments, reason);
    (void)fputs("skipped: ", stdout);
    (void)vfprintf(stdout, reason, arguments);
    (void)fputc('\n', stdout);
    va_end(arguments);
    exit(SKIPPED);
}

static int judge(const char *name)
{
    unsigned failures = CU_get_number_of_failures();
    unsigned checks = CU_get_number_of_asserts();
    if (checks == 0) {
        (void)fprintf(stderr, "%s checks nothing\n", name);
        return FAILED;
    }
    if (failures) {
        (void)fprintf(stderr, "%s: %u of %u checks failed\n", name, failures, checks);
        return FAILED;
    }
    return PASSED;
}

static int run_here(const char *name, const struct ilv_suite *suite, const struct ilv_test *test)
{
    if (CU_initialize_registry() != CUE_SUCCESS) {
        (void)fprintf(stderr, "%s: CUnit: %s\n", name, CU_get_error_msg());
        return FAILED;
    }
    CU_Suite *made = CU_add_suite(suite->name, NULL, NULL);
    CU_Test *added = made ? CU_add_test(made, test->name, test->run) : NULL;
    int status = FAILED;
    if (added) {
        (void)CU_run_test(made, added);
        status = judge(name);
    } else {
        (void)fprintf(stderr, "%s: CUnit: %s\n", name, CU_get_error_msg());
    }
    CU_cleanup_registry();
    return status;
}

static int run_in_child(const char *name, const struct ilv_suite *suite,
                        const struct ilv_test *test)
{
    (void)fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        exit(run_here(name, suite, test));
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child) {
        perror(name);
        return FAILED;
    }
    if (WIFSIGNALED(status)) {
        (void)fprintf(stderr, "%s: killed by signal %d (%s)\n", name, WTERMSIG(status),
                      strsignal(WTERMSIG(status)));
        return FAILED;
    }
    return WEXITSTATUS(status);
}

/* What is done with each test; returns the status. */
typedef int visitor(const char *name, const struct ilv_suite *suite, const struct ilv_test *test,
                    const void *context);

static int visit(const struct ilv_suite *const *suites, visitor *each, const void *context)
{
    int status = PASSED;
    for (; *suites; suites++) {
        for (const struct ilv_test *test = (*suites)->tests; test->name; test++) {
            char name[256];
            (void)snprintf(name, sizeof name, "%s.%s", (*suites)->name, test->name);
            int one = each(name, *suites, test, context);
            status = one > status ? one : status;
        }
    }
    return status;
}

static int list_one(const char *name, const struct ilv_suite *suite, const struct ilv_test *test,
                    const void *context)
{
    (void)suite;
    (void)test;
    (void)context;
    (void)puts(name);
    return PASSED;
}

static int run_named(const char *name, const struct ilv_suite *suite, const struct ilv_test *test,
                     const void *wanted)
{
    if (strcmp(name, wanted) == 0) {
        exit(run_here(name, suite, test));
    }
    return UNKNOWN;
}

static unsigned counts[3]; /* passed, failed, skipped in run_all */

static int run_one_of_all(const char *name, const struct ilv_suite *suite,
                          const struct ilv_test *test, const void *context)
{
    (void)context;
    int status = run_in_child(name, suite, test);
    counts[status == PASSED ? 0 : status == SKIPPED ? 2 : 1]++;
    return status == PASSED || status == SKIPPED ? PASSED : FAILED;
}

static int run_all(const struct ilv_suite *const *suites)
{
    int status = visit(suites, run_one_of_all, NULL);
    (void)printf("%u passed, %u failed, %u skipped\n", counts[0], counts[1], counts[2]);
    return status;
}

int ilv_test_main(int argc, char **argv, const struct ilv_suite *const *suites)
{
    if (argc == 1) {
        return run_all(suites);
    }
    if (argc == 2 && strcmp(argv[1], "--list") == 0) {
        return visit(suites, list_one, NULL);
    }
    if (argc == 2) {
        (void)visit(suites, run_named, argv[1]);
    }
    (void)fprintf(stderr, "%s: no such test; %s --list names them\n",
                  argc == 2 ? argv[1] : "one argument at most", argv[0]);
    return UNKNOWN;
}
