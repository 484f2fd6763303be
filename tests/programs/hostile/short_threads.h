/* SPDX-License-Identifier: MIT */
/* Threads that are made and joined one after another. */
#include <pthread.h>

static int done;

static void *work(void *unused)
{
    done++;
    return unused;
}

/* The exit status: 0 if all of them did their work. */
static int run_short_threads(int count)
{
    for (int i = 0; i < count; i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, work, NULL) != 0 || pthread_join(thread, NULL) != 0)
            return 2;
    }
    return done == count ? 0 : 1;
}
