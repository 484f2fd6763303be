/* SPDX-License-Identifier: MIT */
/*
 * Workers share connections to a database; no more than LIMIT may be in use. One of the queries
 * fails. How a worker gives its connection back is what the variants are about.
 */
#include <stdbool.h>

#include "scenario.h"

#define LIMIT 2
#define WORKERS 4

static pthread_mutex_t count_lock = PTHREAD_MUTEX_INITIALIZER;
static int in_use; /* guarded by count_lock */

static void make_connections(void);
static void work(bool fails);

static void query(void)
{
    pthread_mutex_lock(&count_lock);
    in_use++;
    scenario_check(in_use <= LIMIT, "no more connections are in use than there are");
    pthread_mutex_unlock(&count_lock);

    pthread_mutex_lock(&count_lock);
    in_use--;
    pthread_mutex_unlock(&count_lock);
}

static void *unlucky(void *unused)
{
    work(true);
    return unused;
}

static void *lucky(void *unused)
{
    work(false);
    return unused;
}

int main(void)
{
    pthread_t threads[WORKERS];
    make_connections();
    for (int i = 0; i < WORKERS; i++)
        threads[i] = scenario_start(i == 0 ? unlucky : lucky, NULL);
    for (int i = 0; i < WORKERS; i++)
        scenario_join(threads[i]);
    scenario_check(in_use == 0, "every connection was given back");
    return 0;
}
