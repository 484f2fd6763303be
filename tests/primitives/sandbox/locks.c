/* SPDX-License-Identifier: MIT */
/* Two sums under a mutex, an rlock and a rwlock: whoever looks finds them equal. */
/* fault 1: one lock is taken before the other, and the other before the one */
/* finds 1: deadlock (cycle) */
/* fault 2: a writer takes the lock for reading */
/* finds 2: exit-status */
/* fault 3: the mutex is given up twice */
/* finds 3: exit-status | lock-misuse (unlock-of-free) | lock-misuse (unlock-by-stranger) */
#include <ilv/mutex.h>
#include <ilv/rlock.h>

#include "sums.h"

static struct ilv_mutex mutex;
static struct ilv_rlock rlock;

static void both_locks(long me)
{
    bool other_way = fault == 1 && me == 1;
    must(other_way ? ilv_rlock_lock(&rlock) : ilv_mutex_lock(&mutex));
    must(other_way ? ilv_mutex_lock(&mutex) : ilv_rlock_lock(&rlock));
    must(ilv_rlock_lock(&rlock));
    must(ilv_rlock_unlock(&rlock));
    must(ilv_rlock_unlock(&rlock));
    must(ilv_mutex_unlock(&mutex));
    if (fault == 3 && me == 1)
        must(ilv_mutex_unlock(&mutex));
}

static void *body(void *argument)
{
    both_locks((long)argument);
    (long)argument == 2 ? read_both() : write_both(fault == 2);
    return NULL;
}

int main(void)
{
    run_threads(3, body);
    holds(left == 2 && right == 2);
}
