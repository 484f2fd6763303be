/* SPDX-License-Identifier: MIT */
/*
 * The last user of the printer switches it off and destroys its lock, which it still holds.
 *
 *     job 1                   job 2                      job 3
 *     lock printer
 *     print, users: 3 -> 2
 *     unlock printer
 *                             the same, 2 -> 1
 *                                                        lock printer
 *                                                        print, users: 1 -> 0
 *                                                        destroy printer (held)
 *                                                        unlock printer (destroyed)
 *
 * glibc answers EBUSY, nobody looks, and the lock is never destroyed; elsewhere its memory is
 * gone before the unlock. This one goes wrong in every run, and no run shows it.
 */
#include "common.h"

static pthread_mutex_t printer = PTHREAD_MUTEX_INITIALIZER;
static int users = 3; /* guarded by printer */

static bool print_job(void)
{
    pthread_mutex_lock(&printer);
    print_pages();
    users--;
    if (users == 0)
        pthread_mutex_destroy(&printer);
    pthread_mutex_unlock(&printer);
    return true;
}
