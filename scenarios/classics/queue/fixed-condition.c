/* SPDX-License-Identifier: MIT */
/*
 * No turns: the printer waits while the queue is empty. Each visit brings or takes one job, so the
 * number of the visit is the place in the list.
 */
#include "common.h"

static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;

static void queue_job(int visit)
{
    pthread_mutex_lock(&lock);
    enqueue(100 + visit);
    noted[visit] = 100 + visit;
    pthread_cond_signal(&filled);
    pthread_mutex_unlock(&lock);
}

static void print_job(int visit)
{
    pthread_mutex_lock(&lock);
    while (head == tail)
        pthread_cond_wait(&filled, &lock);
    scenario_check(dequeue() == noted[visit], "jobs are printed in the order they were noted");
    pthread_mutex_unlock(&lock);
}
