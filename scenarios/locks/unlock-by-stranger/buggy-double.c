/* SPDX-License-Identifier: MIT */
/*
 * The lock is given back when the work is done, and once more on the common way out.
 *
 *     job 1                   job 2                      job 3
 *     trylock printer: mine
 *     print, unlock printer
 *                             trylock printer: mine
 *     unlock printer (of job 2)
 *                                                        trylock printer: mine
 *                             begin_page                 begin_page: two at the printer
 *
 * Mostly nobody comes between the two unlocks, and unlocking a free mutex seems to do nothing.
 */
#include "common.h"

static pthread_mutex_t printer = PTHREAD_MUTEX_INITIALIZER;

static bool print_job(void)
{
    bool printed = false;
    if (pthread_mutex_trylock(&printer) == 0) {
        print_pages();
        printed = true;
        pthread_mutex_unlock(&printer);
    }
    if (printed)
        pthread_mutex_unlock(&printer);
    return printed;
}
