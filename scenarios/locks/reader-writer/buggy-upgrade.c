/* SPDX-License-Identifier: MIT */
/*
 * A reader that finds no configuration loads one: it asks for the write lock while it holds the
 * read lock.
 *
 *     reader                                writer
 *     read lock config
 *     version is 0
 *     write lock config   (waits until no reader is left: for itself)
 *                                           write lock config   (waits)
 *
 * When the writer is first, as it nearly always is, no reader ever needs to load.
 */
#include "common.h"

static pthread_rwlock_t config = PTHREAD_RWLOCK_INITIALIZER;

static int read_config(void)
{
    pthread_rwlock_rdlock(&config);
    if (version == 0) {
        pthread_rwlock_wrlock(&config);
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
