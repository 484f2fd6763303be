/* SPDX-License-Identifier: MIT */
/* Coroutines of its own, which take locks that other threads want. */
/* status: 0 */
/* says: NO FAILURE in 20 runs (not a proof): # distinct behaviours */
#include <pthread.h>
#include <ucontext.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int turns;

struct pair {
    ucontext_t outside, inside;
};
static _Thread_local struct pair *mine;

static void coroutine(void)
{
    struct pair *pair = mine;
    for (int i = 0; i < 3; i++) {
        pthread_mutex_lock(&lock);
        turns++;
        swapcontext(&pair->inside, &pair->outside);
        pthread_mutex_unlock(&lock);
    }
}

static void *drive(void *unused)
{
    static _Thread_local char stack[65536];
    struct pair pair;
    mine = &pair;
    getcontext(&pair.inside);
    pair.inside.uc_stack.ss_sp = stack;
    pair.inside.uc_stack.ss_size = sizeof stack;
    pair.inside.uc_link = &pair.outside;
    makecontext(&pair.inside, coroutine, 0);
    for (int i = 0; i < 4; i++)
        swapcontext(&pair.outside, &pair.inside);
    return unused;
}

int main(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, drive, NULL) != 0)
        return 2;
    drive(NULL);
    pthread_join(thread, NULL);
    return turns == 6 ? 0 : 1;
}
