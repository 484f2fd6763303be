/* SPDX-License-Identifier: MIT */
/* bench_lock: our mutex and glibc's, robust and plain; see contend.h. */
#include <ilv/mutex.h>
#include <pthread.h>

#include "contend.h"

static void make_ilv(void *memory, int shared)
{
    (void)memory; /* it is zeroed, and finds out by itself whether it is shared */
    (void)shared;
}

static void lock_ilv(void *memory)
{
    (void)ilv_mutex_lock(memory);
}

static void unlock_ilv(void *memory)
{
    (void)ilv_mutex_unlock(memory);
}

static void make(pthread_mutex_t *mutex, int shared, int robust)
{
    pthread_mutexattr_t attr;
    (void)pthread_mutexattr_init(&attr);
    (void)pthread_mutexattr_setpshared(&attr,
                                       shared ? PTHREAD_PROCESS_SHARED : PTHREAD_PROCESS_PRIVATE);
    (void)pthread_mutexattr_setrobust(&attr, robust ? PTHREAD_MUTEX_ROBUST : PTHREAD_MUTEX_STALLED);
    (void)pthread_mutex_init(mutex, &attr);
    (void)pthread_mutexattr_destroy(&attr);
}

static void make_robust(void *memory, int shared)
{
    make(memory, shared, 1);
}

static void make_plain(void *memory, int shared)
{
    make(memory, shared, 0);
}

static void lock_glibc(void *memory)
{
    (void)pthread_mutex_lock(memory);
}

static void unlock_glibc(void *memory)
{
    (void)pthread_mutex_unlock(memory);
}

int main(int argc, char **argv)
{
    static const struct contender table[] = {
        {"ilv", make_ilv, lock_ilv, unlock_ilv},
        {"robust", make_robust, lock_glibc, unlock_glibc},
        {"plain", make_plain, lock_glibc, unlock_glibc},
        {0},
    };
    return contend(argc, argv, table);
}
