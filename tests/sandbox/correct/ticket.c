/* SPDX-License-Identifier: MIT */
/* A dispenser of tickets: who holds the ticket that is served goes on. */
/* fault 1: only one waiter is woken, perhaps not the one whose turn it is */
/* finds 1: lost-wakeup | deadlock (stuck) */
/* fault 2: the ticket is drawn without the lock */
/* finds 2: exit-status | deadlock (stuck) | lost-wakeup */
#include <sched.h>

#include "threads.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turn = PTHREAD_COND_INITIALIZER;
static int next, served, inside;

static int draw(void)
{
    int mine = next;
    if (fault == 2)
        sched_yield();
    next = mine + 1;
    return mine;
}

static void *body(void *argument)
{
    int mine = fault == 2 ? draw() : -1;
    lock(&mutex);
    if (fault != 2)
        mine = draw();
    while (served != mine)
        must(pthread_cond_wait(&turn, &mutex));
    unlock(&mutex);
    holds(++inside == 1);
    sched_yield();
    inside--;
    lock(&mutex);
    served++;
    must(fault == 1 ? pthread_cond_signal(&turn) : pthread_cond_broadcast(&turn));
    unlock(&mutex);
    return argument;
}

int main(void)
{
    run_threads(4, body);
}
