/* SPDX-License-Identifier: MIT */
/*
 * cases.h: what the programs of this room share. A program is a list of cases; it is given the
 * name of one and the number of a fault (0: none):
 *
 *     CASES({"mutex", mutex_orders}, {"pipe", pipe_orders})
 *
 * Comments say what the faults are and what is to come of them; a star is every case that says
 * nothing of its own (see the script `accuse`):
 *
 *     [wrong pipe 1: message at put, get]       a data race on `message`, of the lines that are
 *                                               marked put and get, by comments
 *     [breaks pipe 1: exit-status]              where races are allowed: what breaks
 */
#ifndef CASES_H
#define CASES_H

#include <string.h>

#include "program.h"

struct test_case {
    const char *name;
    void (*run)(void);
};

static int fault;

/* Two threads at once. */
static inline void run_both(void *(*one)(void *), void *(*other)(void *))
{
    pthread_t a = thread(one, NULL);
    pthread_t b = thread(other, NULL);
    join(a);
    join(b);
}

static inline int run_case(const struct test_case *cases, size_t count, int argc, char **argv)
{
    must(argc < 2);
    fault = argc > 2 ? atoi(argv[2]) : 0;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(cases[i].name, argv[1]) == 0) {
            cases[i].run();
            return 0;
        }
    }
    return 2;
}

#define CASES(...)                                                                         \
    static const struct test_case test_cases[] = {__VA_ARGS__};                            \
    int main(int argc, char **argv)                                                        \
    {                                                                                      \
        return run_case(test_cases, sizeof test_cases / sizeof test_cases[0], argc, argv); \
    }

#endif
