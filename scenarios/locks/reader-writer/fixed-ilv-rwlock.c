/* SPDX-License-Identifier: MIT */
/*
 * Our lock for many readers or one writer. A writer that waits holds back the readers that come
 * after it. And who asks for the write lock while it reads is told so (EDEADLK) instead of waiting
 * for itself: it gives up, takes the lock for writing, and looks again.
 */
#include "common.h"

#include <errno.h>
#include <ilv/rwlock.h>

static struct ilv_rwlock config;

static int read_config(void)
{
    ilv_rwlock_read_lock(&config);
    if (version == 0 && ilv_rwlock_write_lock(&config) == EDEADLK) {
        ilv_rwlock_unlock(&config);
        ilv_rwlock_write_lock(&config);
        if (version == 0)
            replace(1);
    }
    int seen = look();
    ilv_rwlock_unlock(&config);
    return seen;
}

static void write_config(int wanted)
{
    ilv_rwlock_write_lock(&config);
    replace(wanted);
    ilv_rwlock_unlock(&config);
}
