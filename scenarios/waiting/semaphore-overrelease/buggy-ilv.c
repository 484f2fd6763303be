/* SPDX-License-Identifier: MIT */
/*
 * A failed query gives its connection back in the error path, and then once more, to a semaphore of
 * ours.
 *
 *     unlucky                   workers 2, 3, 4
 *     acquire: 2 -> 1
 *     query fails
 *     release: 1 -> 2
 *     release: 2 -> 3
 *                               acquire three times: 3 -> 0, three in use
 *
 * A semaphore counts what is put; who puts is not its affair.
 */
#include "common.h"

#include <ilv/semaphore.h>

static struct ilv_semaphore connections = ILV_SEMAPHORE_INIT(LIMIT);

static void make_connections(void)
{
}

static void work(bool fails)
{
    ilv_semaphore_acquire(&connections);
    query();
    if (fails)
        ilv_semaphore_release(&connections);
    ilv_semaphore_release(&connections);
}
