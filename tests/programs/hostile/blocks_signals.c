/* SPDX-License-Identifier: MIT */
/* Blocks all signals in all threads, works, and looks at what is pending. */
/* status: 0 */
/* says: NO FAILURE in 20 runs (not a proof): # distinct behaviours */
#include <pthread.h>
#include <signal.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int turns;

static void *work(void *unused)
{
    for (int i = 0; i < 5; i++) {
        pthread_mutex_lock(&lock);
        turns++;
        pthread_mutex_unlock(&lock);
    }
    raise(SIGTERM);
    return unused;
}

int main(void)
{
    sigset_t all, pending;
    pthread_t thread;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, NULL);
    if (pthread_create(&thread, NULL, work, NULL) != 0)
        return 2;
    work(NULL);
    pthread_join(thread, NULL);
    sigpending(&pending);
    return turns == 10 && sigismember(&pending, SIGTERM) == 1 ? 0 : 1;
}
