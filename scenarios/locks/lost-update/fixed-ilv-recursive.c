/* SPDX-License-Identifier: MIT */
/*
 * The gate holds the lock for both, and the methods take it again: that is what a recursive lock is
 * for.
 */
#include "common.h"

#include <ilv/rlock.h>

static struct ilv_rlock lock;
static int n; /* guarded by lock */

static int get(void)
{
    ilv_rlock_lock(&lock);
    int seen = n;
    ilv_rlock_unlock(&lock);
    return seen;
}

static void set(int to)
{
    ilv_rlock_lock(&lock);
    n = to;
    ilv_rlock_unlock(&lock);
}

static void count_visitor(void)
{
    ilv_rlock_lock(&lock);
    set(get() + 1);
    ilv_rlock_unlock(&lock);
}

static int visitors(void)
{
    return n;
}
