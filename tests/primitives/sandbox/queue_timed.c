/* SPDX-License-Identifier: MIT */
/* A queue of one place and one hand, by calls with deadlines: who waits parks at once. */
/* fault 1: one more element is waited for than is put */
/* finds 1: exit-status */
/* clock: idle */
#include <errno.h>
#include <ilv/queue.h>
#include <stdlib.h>
#include <time.h>

#include "threads.h"

enum { TAKEN = 2, GOT = 2, FAR = 1 << 30 };

/* The sandbox's clock goes there when nothing else can happen. */
static const struct timespec far = {FAR, 0};

static struct ilv_queue *queue;
static int taken[TAKEN];

static void in_time(int error)
{
    struct timespec now;
    must(error);
    must(clock_gettime(CLOCK_MONOTONIC, &now));
    holds(now.tv_sec < FAR);
}

static void *put_all(void *unused)
{
    for (int i = 0; i < TAKEN + GOT; i++)
        in_time(ilv_queue_put_until(queue, &i, &far));
    return unused;
}

/* What was written before an element is done is seen by who joins the queue. */
static void *take_one(void *into)
{
    struct ilv_queue_ticket ticket;
    int element;
    in_time(ilv_queue_take_until(queue, &element, &ticket, &far));
    *(int *)into = element + 1;
    must(ilv_queue_done(queue, &ticket));
    return NULL;
}

static void *get_some(void *unused)
{
    for (int i = 0; i < GOT + (fault == 1); i++) {
        int element;
        in_time(ilv_queue_get_until(queue, &element, &far));
    }
    return unused;
}

static void *join_it(void *unused)
{
    in_time(ilv_queue_join_until(queue, &far));
    return unused;
}

/* What was there before is seen to be gone, in time. */
static void *see_the_end(void *unused)
{
    int element;
    holds(ilv_queue_get_until(queue, &element, &far) == EINVAL);
    in_time(0);
    return unused;
}

int main(void)
{
    const struct ilv_queue_options options = {.capacity = 1, .size = sizeof(int), .hands = 1};
    queue = ilv_queue_new(&options);
    holds(queue != NULL);
    pthread_t putter = thread(put_all, NULL);
    pthread_t takers[TAKEN];
    for (int i = 0; i < TAKEN; i++)
        takers[i] = thread(take_one, &taken[i]);
    pthread_t getter = thread(get_some, NULL);
    pthread_t joiner = thread(join_it, NULL);
    join(putter);
    in_time(ilv_queue_join_until(queue, &far));
    for (int i = 0; i < TAKEN; i++) {
        holds(taken[i] > 0);
        join(takers[i]);
    }
    join(getter);
    join(joiner);
    pthread_t last = thread(see_the_end, NULL);
    must(ilv_queue_destroy(queue));
    join(last);
    free(queue);
}
