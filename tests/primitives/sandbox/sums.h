/* SPDX-License-Identifier: MIT */
/* sums.h: two sums under a rwlock: whoever looks finds them equal. */
#ifndef SUMS_H
#define SUMS_H

#include <ilv/rwlock.h>
#include <sched.h>
#include <stdbool.h>

#include "threads.h"

static struct ilv_rwlock rwlock;
static int left;
static int right;

/* Adds one to both. A faulty writer takes the lock for reading. */
static void write_both(bool faulty)
{
    must(faulty ? ilv_rwlock_read_lock(&rwlock) : ilv_rwlock_write_lock(&rwlock));
    left++;
    sched_yield();
    right++;
    must(ilv_rwlock_unlock(&rwlock));
}

static void read_both(void)
{
    must(ilv_rwlock_read_lock(&rwlock));
    int before = left;
    sched_yield();
    holds(before == right);
    must(ilv_rwlock_unlock(&rwlock));
}

#endif
