/* SPDX-License-Identifier: MIT */
/*
 * An office hands jobs to a printer through a queue, and notes each in a list. The printer looks
 * into the list: it must get the jobs in the order in which they were noted. The first job is
 * queued at once. When each may go on is what the variants are about.
 */
#include <stdbool.h>

#include "scenario.h"

#define JOBS 20

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int jobs[JOBS]; /* this and all that follows: guarded by lock */
static int head;
static int tail;
static int noted[JOBS];

static void queue_job(int visit);
static void print_job(int visit);

static void enqueue(int job)
{
    jobs[tail++] = job;
}

static int dequeue(void)
{
    return jobs[head++];
}

static void *office(void *unused)
{
    pthread_mutex_lock(&lock);
    enqueue(100);
    noted[0] = 100;
    pthread_mutex_unlock(&lock);
    for (int visit = 1; visit < JOBS; visit++)
        queue_job(visit);
    return unused;
}

static void *printer(void *unused)
{
    for (int visit = 0; visit < JOBS; visit++)
        print_job(visit);
    return unused;
}

int main(void)
{
    pthread_t queueing = scenario_start(office, NULL);
    pthread_t printing = scenario_start(printer, NULL);
    scenario_join(queueing);
    scenario_join(printing);
    return 0;
}
