/* SPDX-License-Identifier: MIT */
/*
 * One way out for all, and it gives back a lock that was never taken.
 *
 *     job 1                   job 2                      job 3
 *     trylock printer: mine
 *                             trylock printer: busy
 *                             unlock printer (of job 1)
 *                                                        trylock printer: mine
 *     begin_page              ...                        begin_page: two at the printer
 *
 * The standard leaves a stranger's unlock undefined; glibc lets it through without a word.
 */
#include "common.h"

static pthread_mutex_t printer = PTHREAD_MUTEX_INITIALIZER;

static bool print_job(void)
{
    bool printed = false;
    if (pthread_mutex_trylock(&printer) != 0)
        goto out;
    print_pages();
    printed = true;
out:
    pthread_mutex_unlock(&printer);
    return printed;
}
