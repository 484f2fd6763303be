/* SPDX-License-Identifier: MIT */
/*
 * A semaphore of one unit for a lock, and one way out for all. Whoever likes may release a
 * semaphore: it has no holder. What guards something must know who holds it.
 *
 *     job 1                   job 2                      job 3
 *     acquire printer: mine
 *                             try printer: busy
 *                             release printer (of job 1)
 *                                                        try printer: mine
 *     begin_page              ...                        begin_page: two at the printer
 */
#include "common.h"

#include <ilv/semaphore.h>

static struct ilv_semaphore printer = ILV_SEMAPHORE_INIT(1);

static bool print_job(void)
{
    bool printed = false;
    if (ilv_semaphore_try_acquire(&printer) != 0)
        goto out;
    print_pages();
    printed = true;
out:
    ilv_semaphore_release(&printer);
    return printed;
}
