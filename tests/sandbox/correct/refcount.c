/* SPDX-License-Identifier: MIT */
/* A counted object whose last user frees it right after its own unlock, while the one before may
 * still be on its way out of unlock. */
/* fault 1: the last one is found out after the unlock, twice */
/* finds 1: lock-misuse (use-after-destroy) | lock-misuse (destroy-while-held) | lock-misuse (destroy-while-waited) | crash */
/* fault 2: freed by the first one */
/* finds 2: lock-misuse (use-after-destroy) | lock-misuse (destroy-while-held) | crash | lock-misuse (destroy-while-waited) */
#include "threads.h"

static struct counted {
    pthread_mutex_t mutex;
    int users;
} * shared;

static void *body(void *argument)
{
    lock(&shared->mutex);
    int left = --shared->users;
    unlock(&shared->mutex);
    if (fault == 1) {
        lock(&shared->mutex);
        left = shared->users;
        unlock(&shared->mutex);
    }
    if (left == (fault == 2 ? 2 : 0)) {
        must(pthread_mutex_destroy(&shared->mutex));
        free(shared);
    }
    return argument;
}

int main(void)
{
    shared = calloc(1, sizeof *shared);
    must(!shared || pthread_mutex_init(&shared->mutex, NULL));
    shared->users = 3;
    run_threads(3, body);
}
