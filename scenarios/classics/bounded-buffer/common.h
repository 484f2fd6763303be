/* SPDX-License-Identifier: MIT */
/*
 * A bounded buffer, two producers, two consumers: the classic, with a condition for each side. How
 * a consumer gets from looking to taking is what the variants are about.
 */
#include <stdbool.h>

#include "scenario.h"

#define PAIRS 2
#define ITEMS 2
#define ROOM 2

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t not_full = PTHREAD_COND_INITIALIZER;
static pthread_cond_t not_empty = PTHREAD_COND_INITIALIZER;
static int buffer[ROOM]; /* guarded by lock, as are the next two */
static int head;
static int filled;

static int get(void);

static void put(int item)
{
    pthread_mutex_lock(&lock);
    while (filled == ROOM)
        pthread_cond_wait(&not_full, &lock);
    buffer[(head + filled++) % ROOM] = item;
    pthread_cond_signal(&not_empty);
    pthread_mutex_unlock(&lock);
}

/* Takes the oldest item. Holds lock. */
static int take(void)
{
    scenario_check(filled > 0, "what is taken out has been put in");
    int item = buffer[head];
    head = (head + 1) % ROOM;
    filled--;
    pthread_cond_signal(&not_full);
    return item;
}

static void *producer(void *unused)
{
    for (int item = 1; item <= ITEMS; item++)
        put(item);
    return unused;
}

static void *consumer(void *sum)
{
    for (int i = 0; i < ITEMS; i++)
        *(int *)sum += get();
    return NULL;
}

int main(void)
{
    pthread_t producers[PAIRS], consumers[PAIRS];
    int sums[PAIRS] = {0};
    for (int i = 0; i < PAIRS; i++)
        producers[i] = scenario_start(producer, NULL);
    for (int i = 0; i < PAIRS; i++)
        consumers[i] = scenario_start(consumer, &sums[i]);
    for (int i = 0; i < PAIRS; i++)
        scenario_join(producers[i]);
    for (int i = 0; i < PAIRS; i++)
        scenario_join(consumers[i]);
    scenario_check(sums[0] + sums[1] == PAIRS * ITEMS * (ITEMS + 1) / 2, "every item arrives once");
    return 0;
}
