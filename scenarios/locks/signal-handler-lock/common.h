/* SPDX-License-Identifier: MIT */
/*
 * A server counts what it has served. An operator may ask for the count at any time with SIGUSR1,
 * which interrupts the serving thread. How the question is answered is what the variants are
 * about.
 */
#include <signal.h>

#include "scenario.h"

#define REQUESTS 3

static pthread_mutex_t count_lock = PTHREAD_MUTEX_INITIALIZER;
static int served; /* guarded by count_lock */
static int shown;  /* what the operator saw last; guarded by count_lock */
static pthread_t server;

static void prepare(void);         /* before the operator may ask */
static void answer_if_asked(void); /* called by the server between requests */

static void serve(void)
{
    pthread_mutex_lock(&count_lock);
    served++;
    pthread_mutex_unlock(&count_lock);
}

static void show(void)
{
    pthread_mutex_lock(&count_lock);
    shown = served;
    pthread_mutex_unlock(&count_lock);
}

static inline void on_sigusr1(void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};
    sigemptyset(&action.sa_mask);
    scenario_check(sigaction(SIGUSR1, &action, NULL) == 0, "the handler is installed");
}

static void *operator(void *unused)
{
    pthread_kill(server, SIGUSR1);
    return unused;
}

int main(void)
{
    server = pthread_self();
    prepare();
    pthread_t asker = scenario_start(operator, NULL);
    for (int i = 0; i < REQUESTS; i++) {
        serve();
        answer_if_asked();
    }
    scenario_join(asker);
    answer_if_asked();
    scenario_check(served == REQUESTS, "every request is counted");
    scenario_check(shown <= served, "the operator saw no more than there was");
    return 0;
}
