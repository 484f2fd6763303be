/* SPDX-License-Identifier: MIT */
/*
 * An owner-checked lock: unlock by a stranger is refused with EPERM and changes nothing.
 *
 * The common way out stays as it was; the lock knows its holder, and the program looks at what
 * unlock says. The price: a few nanoseconds a lock. It is the kind to test with.
 */
#include "common.h"

#include <errno.h>

static pthread_mutex_t printer = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;

static bool print_job(void)
{
    bool printed = false;
    if (pthread_mutex_trylock(&printer) != 0)
        goto out;
    print_pages();
    printed = true;
out:
    scenario_check(pthread_mutex_unlock(&printer) == (printed ? 0 : EPERM),
                   "only the holder can unlock");
    return printed;
}
