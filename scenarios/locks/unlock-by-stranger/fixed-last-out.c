/* SPDX-License-Identifier: MIT */
/*
 * The last user gives the lock back first and destroys it then.
 *
 * The count is looked at while the lock is held, so exactly one user sees 0; every other one was
 * past its own unlock when the last one got the lock, so nobody can come any more.
 */
#include "common.h"

static pthread_mutex_t printer = PTHREAD_MUTEX_INITIALIZER;
static int users = 3; /* guarded by printer */

static bool print_job(void)
{
    pthread_mutex_lock(&printer);
    print_pages();
    users--;
    bool last = users == 0;
    pthread_mutex_unlock(&printer);
    if (last)
        pthread_mutex_destroy(&printer);
    return true;
}
