/* SPDX-License-Identifier: MIT */
/* Data that an event and a semaphore announce, and a table that is made once. */
/* fault 1: the event is set before the data are there */
/* finds 1: exit-status */
/* fault 2: one unit too few */
/* finds 2: lost-wakeup | deadlock (stuck) */
/* fault 3: whether the table is made is asked without the once */
/* finds 3: exit-status */
#include <ilv/event.h>
#include <ilv/once.h>
#include <ilv/semaphore.h>
#include <sched.h>

#include "threads.h"

static struct ilv_event there;
static struct ilv_semaphore units;
static struct ilv_semaphore one = ILV_SEMAPHORE_INIT(1);
static struct ilv_once once;
static volatile int data;
static volatile int made;
static int counted;

static int make(void *argument)
{
    (void)argument;
    sched_yield();
    made = made + 1;
    return 0;
}

static void make_table(void)
{
    if (fault != 3)
        must(ilv_once_do(&once, make, NULL));
    else if (made == 0)
        make(NULL);
    holds(made == 1);
}

/* A semaphore of one unit is a lock. */
static void count(void)
{
    must(ilv_semaphore_acquire(&one));
    counted++;
    must(ilv_semaphore_release(&one));
}

static void announce(void)
{
    if (fault == 1)
        must(ilv_event_set(&there));
    sched_yield();
    data = 1;
    must(ilv_event_set(&there));
    must(ilv_semaphore_release_many(&units, fault == 2 ? 1 : 2));
}

static void *body(void *argument)
{
    count();
    count();
    make_table();
    if ((long)argument == 0) {
        announce();
        return NULL;
    }
    must(ilv_event_wait(&there));
    holds(data == 1);
    must(ilv_semaphore_acquire(&units));
    return NULL;
}

int main(void)
{
    run_threads(3, body);
    holds(made == 1 && counted == 6);
}
