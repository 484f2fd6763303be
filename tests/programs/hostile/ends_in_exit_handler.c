/* SPDX-License-Identifier: MIT */
/* A thread calls exit while main waits for it; handlers print, lock, and end in another way. */
/* status: 0 */
/* says: NO FAILURE in 20 runs (not a proof): # distinct behaviour* */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void last(void)
{
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
    puts("last");
    fflush(stdout);
    _exit(0);
}

static void *leave(void *unused)
{
    puts("first");
    exit(4);
    return unused;
}

int main(void)
{
    pthread_t thread;
    atexit(last);
    if (pthread_create(&thread, NULL, leave, NULL) != 0)
        return 2;
    pthread_join(thread, NULL);
    return 3;
}
