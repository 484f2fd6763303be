/* SPDX-License-Identifier: MIT */
/*
 * A snapshot is walked, under the lock: the callback changes the list, and the walk is of a copy.
 *
 * Nobody is called after another thread took him off the list, because no other gets in before all
 * are called. The price: the lock is held for as long as the callbacks like.
 */
#include "common.h"

static void publish(void)
{
    struct reader *snapshot[READERS];
    ilv_rlock_lock(&lock);
    int count = listed;
    memcpy(snapshot, list, sizeof list);
    for (int i = 0; i < count; i++)
        deliver(snapshot[i]);
    ilv_rlock_unlock(&lock);
}
