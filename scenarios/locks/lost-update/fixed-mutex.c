/* SPDX-License-Identifier: MIT */
/*
 * Read, add and write under one mutex: nobody reads between another's read and write.
 */
#include "common.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int n; /* guarded by lock */

static void count_visitor(void)
{
    pthread_mutex_lock(&lock);
    n += 1;
    pthread_mutex_unlock(&lock);
}

static int visitors(void)
{
    return n;
}
