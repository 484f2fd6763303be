/* SPDX-License-Identifier: MIT */
/* A cache: looked up under the read lock, filled under the write lock after looking again. */
/* fault 1: the write lock is asked for while the read lock is held */
/* finds 1: deadlock (self) | deadlock (cycle) | exit-status */
/* fault 2: nobody looks again */
/* finds 2: exit-status */
#include "threads.h"

static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static int filled;

static void fill(void)
{
    if (fault != 1)
        must(pthread_rwlock_unlock(&rwlock));
    must(pthread_rwlock_wrlock(&rwlock));
    if (!filled || fault == 2)
        filled++;
}

static void *body(void *argument)
{
    must(pthread_rwlock_rdlock(&rwlock));
    if (!filled)
        fill();
    must(pthread_rwlock_unlock(&rwlock));
    return argument;
}

int main(void)
{
    run_threads(3, body);
    holds(filled == 1);
}
