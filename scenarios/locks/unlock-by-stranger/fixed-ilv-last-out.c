/* SPDX-License-Identifier: MIT */
/*
 * The last user destroys the lock, which it still holds: that is refused with EBUSY, and done after
 * the unlock. A lock of ours has no memory of its own: who forgets to destroy it leaks nothing.
 */
#include "common.h"

#include <errno.h>
#include <ilv/mutex.h>

static struct ilv_mutex printer;
static int users = 3; /* guarded by printer */

static bool print_job(void)
{
    ilv_mutex_lock(&printer);
    print_pages();
    users--;
    bool last = users == 0;
    if (last)
        scenario_check(ilv_mutex_destroy(&printer) == EBUSY, "who is held is not destroyed");
    ilv_mutex_unlock(&printer);
    if (last)
        ilv_mutex_destroy(&printer);
    return true;
}
