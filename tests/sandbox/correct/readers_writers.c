/* SPDX-License-Identifier: MIT */
/* A pair of numbers that writers keep equal, and readers who look. */
/* fault 1: a writer takes the lock for reading */
/* finds 1: exit-status */
/* fault 2: a reader that leaves early keeps the lock */
/* finds 2: deadlock (owner-ended) */
#include <sched.h>

#include "threads.h"

static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static int first, second;

static void *writer(void *argument)
{
    must(fault == 1 ? pthread_rwlock_rdlock(&rwlock) : pthread_rwlock_wrlock(&rwlock));
    int before = first;
    sched_yield();
    first = before + 1;
    second++;
    must(pthread_rwlock_unlock(&rwlock));
    return argument;
}

static void *reader(void *argument)
{
    must(pthread_rwlock_rdlock(&rwlock));
    holds(first == second);
    if (fault == 2 && first == 1)
        return NULL;
    must(pthread_rwlock_unlock(&rwlock));
    return argument;
}

static void *body(void *argument)
{
    return (long)argument % 2 ? writer(argument) : reader(argument);
}

int main(void)
{
    run_threads(4, body);
    holds(first == 2 && second == 2);
}
