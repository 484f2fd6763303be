/* SPDX-License-Identifier: MIT */
/* A handler in the middle of everything, on an alternate stack. */
/* status: 0 */
/* says: NO FAILURE in 20 runs (not a proof): # distinct behaviours */
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

static atomic_int handled;
static sem_t seen;

static void handler(int number)
{
    atomic_fetch_add(&handled, number == SIGUSR1);
    sem_post(&seen);
}

static void *send(void *main_thread)
{
    for (int i = 0; i < 3; i++) {
        kill(getpid(), SIGUSR1);
        while (sem_wait(&seen) != 0)
            continue;
    }
    pthread_kill(*(pthread_t *)main_thread, SIGUSR1);
    while (sem_wait(&seen) != 0)
        continue;
    return NULL;
}

int main(void)
{
    pthread_t thread, self = pthread_self();
    stack_t stack = {.ss_sp = malloc(65536), .ss_size = 65536};
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_ONSTACK};
    sem_init(&seen, 0, 0);
    sigaltstack(&stack, NULL);
    sigaction(SIGUSR1, &action, NULL);
    if (pthread_create(&thread, NULL, send, &self) != 0)
        return 2;
    pthread_join(thread, NULL);
    return atomic_load(&handled) == 4 ? 0 : 1;
}
