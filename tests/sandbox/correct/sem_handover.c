/* SPDX-License-Identifier: MIT */
/* A semaphore as a lock that one thread takes and the next one, told by another semaphore, gives
 * back. */
/* fault 1: given back twice */
/* finds 1: exit-status */
/* fault 2: never given back */
/* finds 2: deadlock (stuck) */
#include <sched.h>
#include <semaphore.h>

#include "threads.h"

static sem_t mutual, handed;
static int inside;

static void *taker(void *argument)
{
    must(sem_wait(&mutual));
    holds(++inside == 1);
    must(sem_post(&handed));
    return argument;
}

static void *giver(void *argument)
{
    must(sem_wait(&handed));
    inside--;
    if (fault != 2)
        must(sem_post(&mutual));
    if (fault == 1)
        must(sem_post(&mutual));
    return argument;
}

static void *body(void *argument)
{
    return (long)argument % 2 ? giver(argument) : taker(argument);
}

int main(void)
{
    must(sem_init(&mutual, 0, 1) || sem_init(&handed, 0, 0));
    run_threads(6, body);
    must(sem_destroy(&mutual) || sem_destroy(&handed));
}
