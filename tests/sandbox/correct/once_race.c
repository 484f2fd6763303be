/* SPDX-License-Identifier: MIT */
/* Several threads race to initialise once; the initialiser takes a lock and waits for nobody. */
/* fault 1: a flag instead of a once */
/* finds 1: exit-status */
/* fault 2: two initialisers that need each other */
/* finds 2: deadlock (cycle) | deadlock (self) */
#include <sched.h>

#include "threads.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once[2] = {PTHREAD_ONCE_INIT, PTHREAD_ONCE_INIT};
static int made[2], flag;

static void make_second(void);

static void make_first(void)
{
    lock(&mutex);
    made[0]++;
    unlock(&mutex);
    must(pthread_once(&once[1], make_second));
}

static void make_second(void)
{
    lock(&mutex);
    made[1]++;
    unlock(&mutex);
    if (fault == 2)
        must(pthread_once(&once[0], make_first));
}

static void flagged(void)
{
    if (flag)
        return;
    sched_yield();
    flag = 1;
    make_first();
}

static void *body(void *argument)
{
    if (fault == 1)
        flagged();
    else
        must((long)argument % 2 ? pthread_once(&once[1], make_second)
                                : pthread_once(&once[0], make_first));
    return NULL;
}

int main(void)
{
    run_threads(4, body);
    holds(made[0] == 1 && made[1] == 1);
}
