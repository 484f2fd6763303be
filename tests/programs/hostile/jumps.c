/* SPDX-License-Identifier: MIT */
/* Leaves nested calls and signal handlers by longjmp, in two threads that hold locks. */
/* status: 0 */
/* says: NO FAILURE in 20 runs (not a proof): # distinct behaviours */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static _Thread_local sigjmp_buf place;
static int jumps;

static void handler(int number)
{
    siglongjmp(place, number);
}

static void nested(int depth)
{
    if (depth == 0) {
        pthread_mutex_lock(&lock);
        siglongjmp(place, 1);
    }
    nested(depth - 1);
    jumps--;
}

static void *jump(void *unused)
{
    int from = sigsetjmp(place, 1);
    if (from == 0)
        nested(20);
    if (from == 1) {
        jumps++;
        pthread_mutex_unlock(&lock);
        raise(SIGUSR1);
    }
    return from == SIGUSR1 ? unused : &jumps;
}

int main(void)
{
    pthread_t thread;
    void *result;
    struct sigaction action = {.sa_handler = handler};
    sigaction(SIGUSR1, &action, NULL);
    if (pthread_create(&thread, NULL, jump, NULL) != 0)
        return 2;
    int wrong = jump(NULL) != NULL;
    pthread_join(thread, &result);
    return !wrong && result == NULL && jumps == 2 ? 0 : 1;
}
