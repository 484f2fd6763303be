/* SPDX-License-Identifier: MIT */
/* Two locks in either order; who does not get the second one lets the first go. */
/* fault 1: the first one is kept */
/* finds 1: deadlock (cycle) */
/* fault 2: after a failed try it goes on as if it held both */
/* finds 2: lock-misuse (unlock-by-stranger) | lock-misuse (unlock-of-free) */
#include <errno.h>
#include <sched.h>

#include "threads.h"

static pthread_mutex_t mutexes[2] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};

/* Not as long for everybody: else two that go in lock-step never meet the locks free. */
static void back_off(long turns)
{
    for (long i = 0; i <= turns; i++)
        sched_yield();
}

static void *body(void *argument)
{
    pthread_mutex_t *first = &mutexes[(long)argument], *second = &mutexes[1 - (long)argument];
    lock(first);
    int error;
    while ((error = fault == 1 ? pthread_mutex_lock(second) : pthread_mutex_trylock(second))) {
        must(error != EBUSY);
        if (fault == 2)
            break;
        unlock(first);
        back_off((long)argument);
        lock(first);
    }
    (void)pthread_mutex_unlock(second);
    unlock(first);
    return NULL;
}

int main(void)
{
    run_threads(2, body);
}
