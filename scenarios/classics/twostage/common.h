/* SPDX-License-Identifier: MIT */
/*
 * A value is published in two stages, under two locks: the draft, then the copy made from it.
 * PUBLISHERS threads publish the same value; a reader who finds a draft expects the copy to belong
 * to it. How a publisher goes through the stages is what the variants are about; the variant says
 * how many publishers there are.
 */
#include "scenario.h"

static pthread_mutex_t draft_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t copy_lock = PTHREAD_MUTEX_INITIALIZER;
static int draft; /* guarded by draft_lock; 0: there is none */
static int copy;  /* guarded by copy_lock */

static void publish(int value);

static void *publisher(void *unused)
{
    publish(1);
    return unused;
}

static int look_at(const int *value, pthread_mutex_t *lock)
{
    pthread_mutex_lock(lock);
    int seen = *value;
    pthread_mutex_unlock(lock);
    return seen;
}

static void *reader(void *unused)
{
    int seen = look_at(&draft, &draft_lock);
    if (seen != 0)
        scenario_check(look_at(&copy, &copy_lock) == seen + 1, "a draft has its copy");
    return unused;
}

int main(void)
{
    pthread_t publishers[PUBLISHERS];
    for (int i = 0; i < PUBLISHERS; i++)
        publishers[i] = scenario_start(publisher, NULL);
    pthread_t reads = scenario_start(reader, NULL);
    for (int i = 0; i < PUBLISHERS; i++)
        scenario_join(publishers[i]);
    scenario_join(reads);
    return 0;
}
