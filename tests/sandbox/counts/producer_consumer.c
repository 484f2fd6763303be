/* SPDX-License-Identifier: MIT */
/*
 * One item. The producer comes first, and the consumer does not wait; or the consumer sleeps
 * first. A producer that signals after the unlock may do so before, between or after the
 * sections of a consumer that does not wait, on an object that nobody else uses: no difference.
 */
/* counts: inside = 2 in 60 */
/* counts: outside = 2 in 60 */
#include <stdbool.h>
#include <string.h>

#include "threads.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
static bool item, inside;

static void *producer(void *argument)
{
    lock(&mutex);
    item = true;
    if (inside)
        must(pthread_cond_signal(&filled));
    unlock(&mutex);
    if (!inside)
        must(pthread_cond_signal(&filled));
    return argument;
}

static void *consumer(void *argument)
{
    lock(&mutex);
    while (!item)
        must(pthread_cond_wait(&filled, &mutex));
    unlock(&mutex);
    return argument;
}

int main(int argc, char **argv)
{
    inside = argc > 1 && strcmp(argv[1], "inside") == 0;
    pthread_t c = thread(consumer, NULL), p = thread(producer, NULL);
    join(c);
    join(p);
}
