/* SPDX-License-Identifier: MIT */
/*
 * Release and acquire hand the jobs over. Missing is the fence between the store to bottom and the
 * look at top, and between the thief's look at top and its look at bottom.
 *
 *     owner                             thief
 *     bottom = 1 (in the store buffer)
 *     top is 0: one job is left besides
 *                                       top is 0, bottom is 2: steals job 0
 *                                       top is 1, bottom is 2: steals job 1
 *     takes job 1 as well
 *
 * x86 does this. If there were one order of all accesses, the thief would see bottom = 1.
 */
#include "common.h"

static void put(struct job *job)
{
    int behind = atomic_load_explicit(&bottom, memory_order_relaxed);
    atomic_store_explicit(&queue[behind % ROOM], job, memory_order_relaxed);
    atomic_store_explicit(&bottom, behind + 1, memory_order_release);
}

static struct job *take(void)
{
    int youngest = atomic_load_explicit(&bottom, memory_order_relaxed) - 1;
    atomic_store_explicit(&bottom, youngest, memory_order_release);
    int oldest = atomic_load_explicit(&top, memory_order_acquire);
    struct job *job = NULL;
    if (oldest <= youngest)
        job = atomic_load_explicit(&queue[youngest % ROOM], memory_order_relaxed);
    if (oldest == youngest && !claim(oldest))
        job = NULL;
    if (oldest >= youngest)
        atomic_store_explicit(&bottom, youngest + 1, memory_order_release);
    return job;
}

static struct job *steal(void)
{
    int oldest = atomic_load_explicit(&top, memory_order_acquire);
    int behind = atomic_load_explicit(&bottom, memory_order_acquire);
    if (oldest >= behind)
        return NULL;
    struct job *job = atomic_load_explicit(&queue[oldest % ROOM], memory_order_relaxed);
    return claim(oldest) ? job : NULL;
}
