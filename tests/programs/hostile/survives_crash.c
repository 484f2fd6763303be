/* SPDX-License-Identifier: MIT */
/* Its handler of SIGSEGV jumps away, and all is well. */
/* status: 0 */
/* says: NO FAILURE in 20 runs (not a proof): # distinct behaviour* */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>

static int *volatile nowhere;
static _Thread_local sigjmp_buf place;

static void handler(int number)
{
    siglongjmp(place, number);
}

static void *crash(void *unused)
{
    if (sigsetjmp(place, 1) == 0)
        *nowhere = 1;
    return unused;
}

int main(void)
{
    pthread_t thread;
    signal(SIGSEGV, handler);
    if (pthread_create(&thread, NULL, crash, NULL) != 0)
        return 2;
    crash(NULL);
    pthread_join(thread, NULL);
}
