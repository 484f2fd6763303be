/* SPDX-License-Identifier: MIT */
/* Two hundred threads and one counter. */
/* fault 1: looked at and changed under two locks */
/* finds 1: exit-status */
#include "threads.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int counter;

static void *body(void *argument)
{
    lock(&mutex);
    int before = counter;
    if (fault == 1) {
        unlock(&mutex);
        lock(&mutex);
    }
    counter = before + 1;
    unlock(&mutex);
    return argument;
}

int main(void)
{
    run_threads(200, body);
    holds(counter == 200);
}
