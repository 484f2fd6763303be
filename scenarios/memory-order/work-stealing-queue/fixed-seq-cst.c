/* SPDX-License-Identifier: MIT */
/*
 * Sequential consistency for the four accesses between which the fences would stand: they are in
 * one order, and either the thief sees bottom lowered, or the owner sees top moved up.
 */
#include "common.h"

static void put(struct job *job)
{
    int behind = atomic_load_explicit(&bottom, memory_order_relaxed);
    atomic_store_explicit(&queue[behind % ROOM], job, memory_order_relaxed);
    atomic_store_explicit(&bottom, behind + 1, memory_order_seq_cst);
}

static struct job *take(void)
{
    int youngest = atomic_load_explicit(&bottom, memory_order_relaxed) - 1;
    atomic_store_explicit(&bottom, youngest, memory_order_seq_cst);
    int oldest = atomic_load_explicit(&top, memory_order_seq_cst);
    struct job *job = NULL;
    if (oldest <= youngest)
        job = atomic_load_explicit(&queue[youngest % ROOM], memory_order_relaxed);
    if (oldest == youngest && !claim(oldest))
        job = NULL;
    if (oldest >= youngest)
        atomic_store_explicit(&bottom, youngest + 1, memory_order_seq_cst);
    return job;
}

static struct job *steal(void)
{
    int oldest = atomic_load_explicit(&top, memory_order_seq_cst);
    int behind = atomic_load_explicit(&bottom, memory_order_seq_cst);
    if (oldest >= behind)
        return NULL;
    struct job *job = atomic_load_explicit(&queue[oldest % ROOM], memory_order_relaxed);
    return claim(oldest) ? job : NULL;
}
