/* SPDX-License-Identifier: MIT */
/* Threads of the library: what they did is seen by who joined them, several may join one. */
/* fault 1: what a thread did is looked at before it is joined */
/* finds 1: exit-status */
/* fault 2: each of two threads joins the other */
/* finds 2: deadlock (cycle) | deadlock (stuck) | lost-wakeup */
#include <ilv/thread.h>

#include "threads.h"

static struct ilv_thread *worker;
static struct ilv_thread *joiner;
static volatile int done;

static int work(void *argument)
{
    (void)argument;
    if (fault == 2)
        must(ilv_thread_join(joiner));
    done++;
    return 7;
}

static int join_worker(void *argument)
{
    (void)argument;
    must(ilv_thread_join(worker));
    holds(done == 1);
    return 0;
}

int main(void)
{
    int code = 0;
    must(ilv_thread_create(&worker, NULL, work, NULL));
    must(ilv_thread_create(&joiner, NULL, join_worker, NULL));
    must(ilv_thread_start(worker));
    must(ilv_thread_start(joiner));
    if (fault != 1)
        must(ilv_thread_join(worker));
    holds(done == 1);
    must(ilv_thread_join(joiner));
    must(ilv_thread_exit_code(worker, &code));
    holds(code == 7);
    must(ilv_thread_free(worker));
    must(ilv_thread_free(joiner));
}
