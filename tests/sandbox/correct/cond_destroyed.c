/* SPDX-License-Identifier: MIT */
/* A condition on the heap, destroyed by the last waiter that left. */
/* fault 1: destroyed as soon as it was signalled once, with a waiter left */
/* finds 1: lock-misuse (destroy-while-waited) | lock-misuse (use-after-destroy) | lost-wakeup | deadlock (stuck) */
#include "threads.h"

static struct gate {
    pthread_mutex_t mutex;
    pthread_cond_t cond;
    int open, users;
} * gate;

static void leave(void)
{
    int left = --gate->users;
    unlock(&gate->mutex);
    if (left)
        return;
    must(pthread_cond_destroy(&gate->cond) || pthread_mutex_destroy(&gate->mutex));
    free(gate);
}

static void *waiter(void *argument)
{
    lock(&gate->mutex);
    while (!gate->open)
        must(pthread_cond_wait(&gate->cond, &gate->mutex));
    leave();
    return argument;
}

int main(void)
{
    gate = calloc(1, sizeof *gate);
    must(!gate || pthread_mutex_init(&gate->mutex, NULL) || pthread_cond_init(&gate->cond, NULL));
    gate->users = 3;
    pthread_t a = thread(waiter, NULL), b = thread(waiter, NULL);
    lock(&gate->mutex);
    gate->open = 1;
    if (fault == 1) {
        must(pthread_cond_signal(&gate->cond));
        gate->users--;
        must(pthread_cond_destroy(&gate->cond));
        unlock(&gate->mutex);
    } else {
        must(pthread_cond_broadcast(&gate->cond));
        leave();
    }
    join(a);
    join(b);
}
