/* SPDX-License-Identifier: MIT */
/*
 * All of it relaxed. The queue hands over a pointer, and nothing hands over what it points to.
 *
 *     owner                             thief
 *     fills the job
 *     puts it in: bottom = 1
 *                                       bottom is 1: takes the pointer
 *                                       reads the job, which may not be there yet
 *
 * On any machine that shows writes in another order, and by the language: a data race on the job.
 */
#include "common.h"

static void put(struct job *job)
{
    int behind = atomic_load_explicit(&bottom, memory_order_relaxed);
    atomic_store_explicit(&queue[behind % ROOM], job, memory_order_relaxed);
    atomic_store_explicit(&bottom, behind + 1, memory_order_relaxed);
}

static struct job *take(void)
{
    int youngest = atomic_load_explicit(&bottom, memory_order_relaxed) - 1;
    atomic_store_explicit(&bottom, youngest, memory_order_relaxed);
    int oldest = atomic_load_explicit(&top, memory_order_relaxed);
    struct job *job = NULL;
    if (oldest <= youngest)
        job = atomic_load_explicit(&queue[youngest % ROOM], memory_order_relaxed);
    if (oldest == youngest && !claim(oldest))
        job = NULL;
    if (oldest >= youngest)
        atomic_store_explicit(&bottom, youngest + 1, memory_order_relaxed);
    return job;
}

static struct job *steal(void)
{
    int oldest = atomic_load_explicit(&top, memory_order_relaxed);
    int behind = atomic_load_explicit(&bottom, memory_order_relaxed);
    if (oldest >= behind)
        return NULL;
    struct job *job = atomic_load_explicit(&queue[oldest % ROOM], memory_order_relaxed);
    return claim(oldest) ? job : NULL;
}
