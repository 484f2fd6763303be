/* SPDX-License-Identifier: MIT */
/*
 * A generation count: who waits, waits for the end of the round that it arrived in.
 *
 * The last one to arrive begins the next generation and sets the count back at once, so those who
 * come again count for the next round, and those who still sleep see that their round is over.
 */
#include "common.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t opened = PTHREAD_COND_INITIALIZER;
static int arrived;    /* guarded by lock */
static int generation; /* guarded by lock */

static void make_barrier(void)
{
}

static void meet(void)
{
    pthread_mutex_lock(&lock);
    int mine = generation;
    arrived++;
    if (arrived == WORKERS) {
        arrived = 0;
        generation++;
        pthread_cond_broadcast(&opened);
    }
    while (generation == mine)
        pthread_cond_wait(&opened, &lock);
    pthread_mutex_unlock(&lock);
}
