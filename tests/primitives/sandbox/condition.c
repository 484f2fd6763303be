/* SPDX-License-Identifier: MIT */
/* A buffer of one place, two producers, two consumers, two conditions. */
/* fault 1: nobody is told that something came */
/* finds 1: lost-wakeup | deadlock (stuck) */
/* fault 2: a consumer looks only once after waking */
/* finds 2: exit-status */
/* fault 3: both sides wait on one condition, and one wrong one is woken */
/* finds 3: lost-wakeup | deadlock (stuck) */
#include <ilv/condition.h>

#include "threads.h"

static struct ilv_mutex mutex;
static struct ilv_condition not_full;
static struct ilv_condition not_empty;
static volatile int items;

static void put(void)
{
    struct ilv_condition *room = fault == 3 ? &not_empty : &not_full;
    must(ilv_mutex_lock(&mutex));
    while (items == 1)
        must(ilv_condition_wait(room, &mutex));
    items++;
    if (fault != 1)
        must(ilv_condition_notify_one(&not_empty));
    must(ilv_mutex_unlock(&mutex));
}

static void take(void)
{
    must(ilv_mutex_lock(&mutex));
    while (items == 0) {
        must(ilv_condition_wait(&not_empty, &mutex));
        if (fault == 2)
            break;
    }
    holds(items == 1);
    items--;
    must(ilv_mutex_unlock(&mutex));
    must(ilv_condition_notify_one(fault == 3 ? &not_empty : &not_full));
}

static void *body(void *argument)
{
    for (int i = 0; i < 2; i++)
        (long)argument % 2 ? put() : take();
    return NULL;
}

int main(void)
{
    run_threads(4, body);
    holds(items == 0);
}
