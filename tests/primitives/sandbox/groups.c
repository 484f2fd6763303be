/* SPDX-License-Identifier: MIT */
/* Two rounds with a barrier between them, and one resource that the parties use in turn. */
/* fault 1: one party goes on without waiting */
/* finds 1: exit-status | lost-wakeup | deadlock (stuck) */
/* fault 2: there are two units of the one resource */
/* finds 2: exit-status */
#include <ilv/barrier.h>
#include <ilv/bounded_semaphore.h>
#include <sched.h>

#include "threads.h"

#define PARTIES 2

static struct ilv_barrier barrier = ILV_BARRIER_INIT(PARTIES);
static struct ilv_bounded_semaphore resource = ILV_BOUNDED_SEMAPHORE_INIT(FAULT == 2 ? 2 : 1);
static volatile int came;
static volatile int last;

static void use(void)
{
    must(ilv_bounded_semaphore_acquire(&resource));
    int before = came;
    sched_yield();
    came = before + 1;
    must(ilv_bounded_semaphore_release(&resource));
}

static void *body(void *argument)
{
    uint32_t place = 99;
    use();
    if (fault != 1 || (long)argument != 0)
        must(ilv_barrier_wait(&barrier, &place));
    holds(came == PARTIES);
    if (place == PARTIES - 1)
        last++;
    must(ilv_barrier_wait(&barrier, NULL));
    holds(last == 1);
    return NULL;
}

int main(void)
{
    run_threads(PARTIES, body);
    return 0;
}
