/* SPDX-License-Identifier: MIT */
/* States and types of cancellation. */
#include <semaphore.h>
#include <unistd.h>

#include "../sync/result.h"

static sem_t go;
static sem_t at_it;
static volatile int reached;
static volatile long spun;

static void errors(void)
{
    int old = -1;
    SHOW(pthread_setcancelstate(77, &old));
    SHOW(pthread_setcanceltype(77, &old));
    SHOW(pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old));
    SHOW_VALUE(old == PTHREAD_CANCEL_ENABLE);
    SHOW(pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &old));
    SHOW_VALUE(old == PTHREAD_CANCEL_DISABLE);
    SHOW(pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old));
    SHOW_VALUE(old == PTHREAD_CANCEL_DEFERRED);
    SHOW(pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &old));
    SHOW_VALUE(old == PTHREAD_CANCEL_ASYNCHRONOUS);
    SHOW(pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL));
}

static void wait_for_cancellation(void)
{
    sem_post(&at_it);
    while (sem_wait(&go) != 0)
        continue;
}

static void *disabled(void *unused)
{
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
    wait_for_cancellation();
    usleep(1000);
    pthread_testcancel();
    reached = 1;
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
    reached = 2;
    pthread_testcancel();
    reached = 3;
    return unused;
}

static void *never_enabled(void *unused)
{
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
    wait_for_cancellation();
    pthread_testcancel();
    (void)unused;
    return (void *)7;
}

static void *enabled_while_asynchronous(void *unused)
{
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
    wait_for_cancellation();
    reached = 1;
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
    reached = 2;
    return unused;
}

static void *made_asynchronous(void *unused)
{
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
    wait_for_cancellation();
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
    reached = 1;
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
    reached = 2;
    return unused;
}

static void *anywhere(void *unused)
{
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
    sem_post(&at_it);
    for (;;) {
        spun++;
        sched_yield();
    }
    return unused;
}

static void *cancels_itself(void *unused)
{
    SHOW(pthread_cancel(pthread_self()));
    reached = 1;
    pthread_testcancel();
    reached = 2;
    return unused;
}

static void *already_pending(void *unused)
{
    pthread_cancel(pthread_self());
    sem_post(&go);
    reached = 1;
    sem_wait(&go); /* has a unit, and is a cancellation point all the same */
    reached = 2;
    return unused;
}

static void run(const char *name, void *(*start)(void *), int handshake)
{
    pthread_t thread;
    void *result = NULL;
    int error = 0;
    reached = 0;
    pthread_create(&thread, NULL, start, NULL);
    if (handshake > 0)
        sem_wait(&at_it);
    if (handshake > 0)
        error = pthread_cancel(thread);
    if (handshake > 1)
        sem_post(&go);
    pthread_join(thread, &result);
    printf("%s: %s, reached %d", name, name_of(error), reached);
    if (start != enabled_while_asynchronous) /* glibc 2.36 leaves its result as it was */
        printf(", cancelled %d, result %ld", result == PTHREAD_CANCELED, (long)result);
    putchar('\n');
}

int main(void)
{
    sem_init(&go, 0, 0);
    sem_init(&at_it, 0, 0);
    errors();
    run("disabled", disabled, 2);
    run("never enabled", never_enabled, 2);
    run("enabled while asynchronous", enabled_while_asynchronous, 2);
    run("made asynchronous", made_asynchronous, 2);
    run("anywhere", anywhere, 1);
    run("itself", cancels_itself, 0);
    run("already pending", already_pending, 0);
    int units = -1;
    sem_getvalue(&go, &units);
    SHOW_VALUE(units);
    return 0;
}
