/* SPDX-License-Identifier: MIT */
/*
 * Release, then acquire for writing, and look again.
 *
 * Who waits for the write lock holds nothing. Between the two locks another task may have loaded
 * the configuration, so the question is asked once more under the write lock.
 */
#include "common.h"

static pthread_rwlock_t config = PTHREAD_RWLOCK_INITIALIZER;

static int read_config(void)
{
    pthread_rwlock_rdlock(&config);
    if (version == 0) {
        pthread_rwlock_unlock(&config);
        pthread_rwlock_wrlock(&config);
        if (version == 0)
            replace(1);
    }
    int seen = look();
    pthread_rwlock_unlock(&config);
    return seen;
}

static void write_config(int wanted)
{
    pthread_rwlock_wrlock(&config);
    replace(wanted);
    pthread_rwlock_unlock(&config);
}
