/* SPDX-License-Identifier: MIT */
/* A thread ends the process while main waits for it, and holds a lock. */
/* status: 0 */
/* says: NO FAILURE in 20 runs (not a proof): # distinct behaviour* */
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *leave(void *unused)
{
    pthread_mutex_lock(&lock);
    _exit(0);
    return unused;
}

int main(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, leave, NULL) != 0)
        return 2;
    pthread_join(thread, NULL);
    return 3;
}
