/* SPDX-License-Identifier: MIT */
/*
 * One writes under a rwlock, then three read: a reader that finds no free place makes another one,
 * and a third may come into that first, whom no lock orders behind the writer but by how many
 * places there are.
 */
/* fault 1: the writer takes the lock for reading */
/* finds 1: exit-status */
#include <ilv/rwlock.h>
#include <sched.h>

#include "threads.h"

static struct ilv_rwlock rwlock;
static int left;
static int right;

static void write_both(void)
{
    must(fault == 1 ? ilv_rwlock_read_lock(&rwlock) : ilv_rwlock_write_lock(&rwlock));
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

static void *body(void *argument)
{
    (long)argument == 0 ? write_both() : read_both();
    return NULL;
}

int main(void)
{
    run_threads(4, body);
    holds(left == 1 && right == 1);
}
