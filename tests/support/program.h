/* SPDX-License-Identifier: MIT */
/*
 * program.h: what programs under test share. Every call that fails ends the program, so a mistake
 * in one of them is a finding.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/* Ends the program with status 2 when a call that cannot fail failed. */
static inline void must(int failed)
{
    if (failed)
        exit(2);
}

/* Ends the program with status 1: what must hold does not. */
static inline void holds(int condition)
{
    if (!condition)
        exit(1);
}

static inline pthread_t thread(void *(*body)(void *), void *argument)
{
    pthread_t id;
    must(pthread_create(&id, NULL, body, argument));
    return id;
}

static inline void join(pthread_t id)
{
    must(pthread_join(id, NULL));
}

/* Runs n (at most 250) threads; each is given its number, as a pointer. */
static inline void run_threads(long n, void *(*body)(void *))
{
    pthread_t id[250];
    must(n > 250);
    for (long i = 0; i < n; i++)
        id[i] = thread(body, (void *)i); /* NOLINT(performance-no-int-to-ptr) */
    for (long i = 0; i < n; i++)
        join(id[i]);
}

static inline void lock(pthread_mutex_t *mutex)
{
    must(pthread_mutex_lock(mutex));
}

static inline void unlock(pthread_mutex_t *mutex)
{
    must(pthread_mutex_unlock(mutex));
}

#endif
