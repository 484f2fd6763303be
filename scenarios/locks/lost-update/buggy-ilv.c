/* SPDX-License-Identifier: MIT */
/*
 * A number whose every method takes the lock, so that it is safe to get and safe to set. To add one
 * is both, with room between them.
 *
 *     one gate                          another gate
 *     gets 0
 *                                       gets 0
 *     sets 1
 *                                       sets 1   (the first visitor is gone)
 *
 * No access races.
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
    set(get() + 1);
}

static int visitors(void)
{
    return n;
}
