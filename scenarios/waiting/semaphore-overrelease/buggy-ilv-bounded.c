/* SPDX-License-Identifier: MIT */
/*
 * The same with a bounded semaphore, which knows what each process holds. The threads of one
 * process hold together: a release too many is refused when none of them holds anything, and gives
 * away a place of another's when one does.
 *
 *     unlucky                   worker 2                   workers 3, 4
 *     acquire: 1 out
 *                               acquire: 2 out
 *     query fails
 *     release: 1 out
 *     release: 0 out
 *                               query: in use              acquire, acquire: three in use
 */
#include "common.h"

#include <ilv/bounded_semaphore.h>

static struct ilv_bounded_semaphore connections = ILV_BOUNDED_SEMAPHORE_INIT(LIMIT);

static void make_connections(void)
{
}

static void work(bool fails)
{
    ilv_bounded_semaphore_acquire(&connections);
    query();
    if (fails)
        ilv_bounded_semaphore_release(&connections);
    ilv_bounded_semaphore_release(&connections);
}
