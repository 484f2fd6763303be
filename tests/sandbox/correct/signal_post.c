/* SPDX-License-Identifier: MIT */
/* A handler may post a semaphore; main waits for it and for nothing else. */
/* fault 1: the handler takes the lock that the interrupted code may hold */
/* finds 1: deadlock (self) */
/* fault 2: an interrupted wait is taken for a unit */
/* finds 2: exit-status */
#include <errno.h>
#include <semaphore.h>
#include <signal.h>

#include "threads.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static sem_t came;
static pthread_t receiver;
static volatile sig_atomic_t signals;

static void handler(int number)
{
    (void)number;
    if (fault == 1)
        lock(&mutex);
    signals++;
    if (fault == 1)
        unlock(&mutex);
    sem_post(&came);
}

static void *sender(void *argument)
{
    must(pthread_kill(receiver, SIGUSR1));
    return argument;
}

int main(void)
{
    struct sigaction action = {.sa_handler = handler};
    must(sem_init(&came, 0, 0) || sigaction(SIGUSR1, &action, NULL));
    struct sigaction other = {.sa_handler = SIG_IGN};
    must(sigaction(SIGUSR2, &other, NULL));
    receiver = pthread_self();
    pthread_t id = thread(sender, NULL);
    lock(&mutex);
    unlock(&mutex);
    if (fault == 2)
        holds(sem_wait(&came) == 0);
    while (fault != 2 && sem_wait(&came))
        must(errno != EINTR);
    holds(signals == 1);
    join(id);
}
