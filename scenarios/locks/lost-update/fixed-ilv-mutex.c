/* SPDX-License-Identifier: MIT */
/*
 * Read, add and write under one mutex: nobody reads between another's read and write.
 */
#include "common.h"

#include <ilv/mutex.h>

static struct ilv_mutex lock;
static int n; /* guarded by lock */

static void count_visitor(void)
{
    ilv_mutex_lock(&lock);
    n += 1;
    ilv_mutex_unlock(&lock);
}

static int visitors(void)
{
    return n;
}
