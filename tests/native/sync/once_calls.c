/* SPDX-License-Identifier: MIT */
/* What is done once is done when any caller returns; given up, it is done by the next. */
#include <stdlib.h>
#include <unistd.h>

#include "result.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_once_t cancelled = PTHREAD_ONCE_INIT;
static int done;
static int attempts;

static void initialise(void)
{
    int was = done;
    sched_yield();
    done = was + 1;
}

static void *use(void *unused)
{
    (void)unused;
    pthread_once(&once, initialise);
    if (done != 1)
        printf("done %d times\n", done);
    return NULL;
}

static void leave_at_first(void)
{
    if (++attempts == 1)
        pthread_exit(NULL);
}

static void be_cancelled(void)
{
    if (++attempts == 3)
        for (;;)
            sleep(1000);
}

static void *run(void *initialiser)
{
    void (**function)(void) = initialiser;
    SHOW(pthread_once(&cancelled, *function));
    return NULL;
}

int main(void)
{
    pthread_t thread[3];
    for (int i = 0; i < 3; i++)
        pthread_create(&thread[i], NULL, use, NULL);
    for (int i = 0; i < 3; i++)
        pthread_join(thread[i], NULL);
    SHOW(pthread_once(&once, initialise));
    SHOW_VALUE(done);
    void (*function)(void) = leave_at_first;
    in_thread(run, &function);
    SHOW_VALUE(attempts);
    in_thread(run, &function);
    SHOW_VALUE(attempts);
    in_thread(run, &function);
    SHOW_VALUE(attempts);
    cancelled = PTHREAD_ONCE_INIT;
    function = be_cancelled;
    pthread_create(&thread[0], NULL, run, &function);
    SHOW(pthread_cancel(thread[0]));
    void *result = NULL;
    SHOW(pthread_join(thread[0], &result));
    SHOW_VALUE(result == PTHREAD_CANCELED);
    in_thread(run, &function);
    return 0;
}
