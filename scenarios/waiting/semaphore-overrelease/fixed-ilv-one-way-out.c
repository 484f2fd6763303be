/* SPDX-License-Identifier: MIT */
/*
 * One way out: what was taken once is given back once. The bounded semaphore says so: no release is
 * refused.
 */
#include "common.h"

#include <ilv/bounded_semaphore.h>

static struct ilv_bounded_semaphore connections = ILV_BOUNDED_SEMAPHORE_INIT(LIMIT);

static void make_connections(void)
{
}

static void work(bool fails)
{
    (void)fails; /* leads to the same way out */
    ilv_bounded_semaphore_acquire(&connections);
    query();
    scenario_check(ilv_bounded_semaphore_release(&connections) == 0,
                   "what is given back was taken");
}
