/* SPDX-License-Identifier: MIT */
/*
 * Collect, then call: who is to be called is written down under the lock, and called without it.
 *
 * What is walked is ours alone, and the callback may do what it likes. The lock is not held while
 * foreign code runs, so a plain mutex would do. The price: somebody can still be called just after
 * he was taken off the list.
 */
#include "common.h"

static void publish(void)
{
    struct reader *called[READERS];
    ilv_rlock_lock(&lock);
    int count = listed;
    memcpy(called, list, sizeof list);
    ilv_rlock_unlock(&lock);
    for (int i = 0; i < count; i++)
        deliver(called[i]);
}
