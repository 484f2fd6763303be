/* SPDX-License-Identifier: MIT */
/*
 * A mutex of ours: unlock by a stranger is refused with EPERM and changes nothing, always, not only
 * in a kind to test with. The way out stays as it was.
 */
#include "common.h"

#include <errno.h>
#include <ilv/mutex.h>

static struct ilv_mutex printer;

static bool print_job(void)
{
    bool printed = false;
    if (ilv_mutex_try_lock(&printer) != 0)
        goto out;
    print_pages();
    printed = true;
out:
    scenario_check(ilv_mutex_unlock(&printer) == (printed ? 0 : EPERM),
                   "only the holder can unlock");
    return printed;
}
