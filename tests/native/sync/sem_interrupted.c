/* SPDX-License-Identifier: MIT */
/* A handler ends a wait for a semaphore unless it restarts calls; a timed wait it ends always. */
/* clock: idle */
#include <semaphore.h>
#include <signal.h>
#include <unistd.h>

#include "result.h"

static sem_t sem;
static volatile sig_atomic_t handled;

static void handler(int number)
{
    (void)number;
    handled++;
}

static void *interrupt_then_post(void *thread)
{
    usleep(50000);
    pthread_kill(*(pthread_t *)thread, SIGUSR1);
    usleep(50000);
    sem_post(&sem);
    return NULL;
}

static void round_of(int flags, int timed)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    pthread_t self = pthread_self();
    pthread_t thread;
    sigaction(SIGUSR1, &action, NULL);
    sem_init(&sem, 0, 0);
    pthread_create(&thread, NULL, interrupt_then_post, &self);
    struct timespec t = from_now(CLOCK_REALTIME, 5000);
    if (timed)
        SHOW_ERRNO(sem_timedwait(&sem, &t));
    else
        SHOW_ERRNO(sem_wait(&sem));
    pthread_join(thread, NULL);
    SHOW_VALUE(handled);
    sem_destroy(&sem);
}

int main(void)
{
    round_of(0, 0);
    round_of(SA_RESTART, 0);
    round_of(0, 1);
    round_of(SA_RESTART, 1);
    return 0;
}
