/* SPDX-License-Identifier: MIT */
/*
 * scenario.h: the few lines that every scenario would otherwise repeat.
 *
 * A scenario is an ordinary program: it runs natively, knows nothing of the sandbox, never
 * sleeps, and its exit status tells what happened: 0 when all went well, 1 when the invariant
 * broke (scenario_check says which, on stderr), 2 when the system refused something, so that
 * the run says nothing. Locks are used raw: they are the point.
 */
#ifndef SCENARIO_H
#define SCENARIO_H

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A note in the program of the file that it was built from: a witness of another scenario is
 * refused. */
__asm__(".pushsection .note.ilv.source, \"a\", @note\n"
        ".balign 4\n"
        ".long 11, 2f - 1f, 1\n"
        ".asciz \"Interleave\"\n"
        ".balign 4\n"
        "1: .asciz \"" __BASE_FILE__ "\"\n"
        "2: .balign 4\n"
        ".popsection");

/* Ends the program with status 1 unless `condition` holds; `what` says what should have held. */
#define scenario_check(condition, what)                                    \
    do {                                                                   \
        if (!(condition)) {                                                \
            scenario_broken(__FILE__, __LINE__, what " (" #condition ")"); \
            exit(1);                                                       \
        }                                                                  \
    } while (0)

static inline void scenario_broken(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: invariant broken: %s\n", file, line, what);
}

/* Ends the program with status 2 unless error, an error number, is 0. */
static inline void scenario_must(int error, const char *call)
{
    if (error != 0) {
        fprintf(stderr, "%s: %s\n", call, strerror(error));
        exit(2);
    }
}

static inline pthread_t scenario_start(void *(*body)(void *), void *argument)
{
    pthread_t thread;
    scenario_must(pthread_create(&thread, NULL, body, argument), "pthread_create");
    return thread;
}

static inline void scenario_join(pthread_t thread)
{
    scenario_must(pthread_join(thread, NULL), "pthread_join");
}

static inline void *scenario_nothing(void *unused)
{
    return unused;
}

/*
 * Gives way to the threads started so far, as a program does that has something else to do
 * first: starts a thread and joins it. It orders nothing: natively the others have nearly always
 * got going when it returns, but nobody promised.
 */
static inline void scenario_give_way(void)
{
    scenario_join(scenario_start(scenario_nothing, NULL));
}

#endif
