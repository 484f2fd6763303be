/* SPDX-License-Identifier: MIT */
#include "ilv_test.h"

/* Only processes can be killed alone; threads are a concept of their own. */
#ifdef ILV_PROCESSES
#define MORE(X) X(death_locks) X(death_waits)
#else
#define MORE(X) X(thread) X(fork)
#endif

#define SUITES(X)  \
    X(mutex_lock)  \
    X(rlock_lock)  \
    X(rwlock_lock) \
    X(mutex) X(rlock) X(rwlock) X(condition) X(event) X(semaphore) X(barrier) X(once) MORE(X)

ILV_TEST_MAIN(SUITES)
