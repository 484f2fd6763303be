/* SPDX-License-Identifier: MIT */
/*
 * Two threads, each with a generator and a consumer of its own, put what they consume into one
 * stock. What is a thread's own needs no lock; a yield in a section keeps nobody of the thread out.
 */
/* fault 1: the stock is looked at and changed without a lock */
/* finds 1: exit-status */
/* fault 2: who holds the mutex yields to another who takes it: to the mutex both are one thread */
/* finds 2: exit-status */
#include <errno.h>
#include <ilv/coroutine.h>
#include <ilv/mutex.h>
#include <sched.h>

#include "threads.h"

#define ITEMS 3

static struct ilv_mutex mutex;
static volatile int stock;

static void put_one(void)
{
    if (fault != 1)
        must(ilv_mutex_lock(&mutex));
    int before = stock;
    sched_yield();
    stock = before + 1;
    if (fault == 2)
        holds(ilv_coroutine_yield(NULL, NULL) == 0);
    if (fault != 1)
        must(ilv_mutex_unlock(&mutex));
}

static void *generate(void *argument, void *sent)
{
    char *item = argument;
    for (int i = 0; i < ITEMS; i++)
        if (ilv_coroutine_yield(&item[i], &sent) != 0)
            return item;
    return sent;
}

static void *consume(void *argument, void *sent)
{
    struct ilv_coroutine *generator = argument;
    void *item;
    while (ilv_coroutine_send(generator, NULL, &item) == 0)
        put_one();
    return sent;
}

static void *body(void *argument)
{
    char items[ITEMS];
    struct ilv_coroutine *generator;
    struct ilv_coroutine *consumer;
    struct ilv_coroutine *left;
    must(ilv_coroutine_create(&left, NULL, generate, items));
    must(ilv_coroutine_send(left, NULL, NULL));
    must(ilv_coroutine_create(&generator, NULL, generate, items));
    must(ilv_coroutine_create(&consumer, NULL, consume, generator));
    int error = ilv_coroutine_send(consumer, NULL, NULL);
    if (fault == 2)
        holds(ilv_mutex_lock(&mutex) == 0);
    holds(error == ENODATA);
    holds(ilv_coroutine_state(generator) == ILV_COROUTINE_ENDED);
    must(ilv_coroutine_free(generator));
    must(ilv_coroutine_free(consumer));
    return argument;
}

int main(void)
{
    run_threads(2, body);
    holds(stock == 2 * ITEMS);
}
