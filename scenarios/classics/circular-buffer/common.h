/* SPDX-License-Identifier: MIT */
/*
 * A logger puts numbered records into a ring, a collector takes them out, and both come seven
 * times. After each record it is the other's turn: a flag says whose, one lock guards all.
 */
#include <stdbool.h>

#include "scenario.h"

#define RECORDS 7
#define ROOM 10

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int ring[ROOM]; /* this and all that follows: guarded by lock */
static int first;
static int next;
static bool sent_one; /* it is the collector's turn */

static void send_record(int visit);
static void receive_record(int visit);

static void insert(int record)
{
    ring[next] = record;
    next = (next + 1) % ROOM;
}

static int take(void)
{
    int record = ring[first];
    first = (first + 1) % ROOM;
    return record;
}

static void *logger(void *unused)
{
    for (int visit = 0; visit < RECORDS; visit++)
        send_record(visit);
    return unused;
}

static void *collector(void *unused)
{
    for (int visit = 0; visit < RECORDS; visit++)
        receive_record(visit);
    return unused;
}

int main(void)
{
    pthread_t sending = scenario_start(logger, NULL);
    pthread_t receiving = scenario_start(collector, NULL);
    scenario_join(sending);
    scenario_join(receiving);
    return 0;
}
