/* SPDX-License-Identifier: MIT */
/*
 * The list is walked under the lock, and changes all the same: the lock is recursive.
 *
 *     first reader                          press
 *     lock, moved = true, unlock
 *                                           lock
 *                                           i = 0: calls reader 0, who has moved
 *                                             lock again (it is ours): the list is now 1, 2
 *                                           i = 1: calls reader 2; nobody has called reader 1
 *                                           unlock
 *
 * A lock keeps others out. It does not keep out whom one calls oneself.
 */
#include "common.h"

static void publish(void)
{
    ilv_rlock_lock(&lock);
    for (int i = 0; i < listed; i++)
        deliver(list[i]);
    ilv_rlock_unlock(&lock);
}
