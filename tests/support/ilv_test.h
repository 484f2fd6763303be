/* SPDX-License-Identifier: MIT */
/*
 * ilv_test.h: how our tests are written.
 *
 * A test is a function named after a behaviour. A file holds one suite of them; an executable
 * holds several suites and runs exactly one test in a process of its own:
 *
 *     test_queue.c:
 *         static void popped_in_order_of_pushing(void)
 *         {
 *             ILV_CHECK_INT(pop(&queue), 1);
 *         }
 *         ILV_SUITE(queue, ILV_TEST(popped_in_order_of_pushing));
 *
 *     main.c:
 *         #define SUITES(X) X(queue) X(stack)
 *         ILV_TEST_MAIN(SUITES)
 *
 *     CMakeLists.txt:
 *         ilv_add_tests(NAME test_base ROOM base LABELS unit SOURCES main.c test_queue.c ...
 *                       LINK ilv_base)
 *
 *     ./test_base --list                          names, one a line
 *     ./test_base queue.popped_in_order_of_pushing   that one, here: for a debugger
 *     ./test_base                                 all, each in a child process
 *
 * Exit status: 0 passed, 1 failed, 2 no such test, 77 skipped. A test that checks nothing fails.
 * The tests run on CUnit, which counts the checks; a failed check says where, both values and
 * the seed, and the test goes on. Checks count only in the test's own process.
 */
#ifndef ILV_TEST_H
#define ILV_TEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ilv_test {
    const char *name;
    void (*run)(void);
};

struct ilv_suite {
    const char *name;
    const struct ilv_test *tests; /* ended by a NULL name */
};

#define ILV_TEST(function)                   \
    {                                        \
        .name = #function, .run = (function) \
    }

#define ILV_SUITE(suite, ...)                                                   \
    static const struct ilv_test suite##_tests[] = {__VA_ARGS__, {NULL, NULL}}; \
    extern const struct ilv_suite ilv_suite_##suite;                            \
    const struct ilv_suite ilv_suite_##suite = {#suite, suite##_tests}

#define ILV_TEST_MAIN(LIST)                                                           \
    LIST(ILV__DECLARE_SUITE)                                                          \
    int main(int argc, char **argv)                                                   \
    {                                                                                 \
        static const struct ilv_suite *const suites[] = {LIST(ILV__NAME_SUITE) NULL}; \
        return ilv_test_main(argc, argv, suites);                                     \
    }
#define ILV__DECLARE_SUITE(suite) extern const struct ilv_suite ilv_suite_##suite;
#define ILV__NAME_SUITE(suite) &ilv_suite_##suite,

/* Each check gives true when it holds, so that a test may stop: if (!ILV_CHECK(p)) return; */
#define ILV_CHECK(condition) ilv_test_check((condition), #condition, __FILE__, __LINE__)
#define ILV_CHECK_INT(actual, expected) \
    ilv_test_check_int((actual), (expected), #actual, __FILE__, __LINE__)
#define ILV_CHECK_U64(actual, expected) \
    ilv_test_check_u64((actual), (expected), #actual, __FILE__, __LINE__)
#define ILV_CHECK_STR(actual, expected) \
    ilv_test_check_str((actual), (expected), #actual, __FILE__, __LINE__)

int ilv_test_main(int argc, char **argv, const struct ilv_suite *const *suites);

bool ilv_test_check(bool holds, const char *what, const char *file, unsigned line);
bool ilv_test_check_int(long long actual, long long expected, const char *what, const char *file,
                        unsigned line);
bool ilv_test_check_u64(uint64_t actual, uint64_t expected, const char *what, const char *file,
                        unsigned line);
/* Either may be NULL, which equals only NULL. */
bool ilv_test_check_str(const char *actual, const char *expected, const char *what,
                        const char *file, unsigned line);

/* The seed of a test that draws by chance: the usual one, or what the environment variable
 * ILV_TEST_SEED says. Failed checks name it from now on. */
uint64_t ilv_test_seed(uint64_t usual);

/* Ends the test as skipped, saying why. */
_Noreturn void ilv_test_skip(const char *reason, ...) __attribute__((format(printf, 1, 2)));

#endif
