/* SPDX-License-Identifier: MIT */
/*
 * ways_to_run hang|work|ping-pong|fail|abort: programs on which the tests of scenarios show that
 * they tell a hang from what only looks like one.
 */
#include <stdbool.h>

#include "scenario.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int turn; /* guarded by lock */

static void wait_for(int wanted)
{
    while (turn != wanted)
        pthread_cond_wait(&changed, &lock);
}

static void *wait_for_one(void *unused)
{
    pthread_mutex_lock(&lock);
    wait_for(1);
    pthread_mutex_unlock(&lock);
    return unused;
}

static void hang(void)
{
    scenario_join(scenario_start(wait_for_one, NULL));
}

/* A second of computing or so, while the other thread sleeps. */
static void work(void)
{
    pthread_t sleeper = scenario_start(wait_for_one, NULL);
    for (volatile long i = 0; i < 500000000; i++)
        continue;
    pthread_mutex_lock(&lock);
    turn = 1;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
    scenario_join(sleeper);
}

static void play(int own)
{
    for (int i = 0; i < 20000; i++) {
        pthread_mutex_lock(&lock);
        wait_for(own);
        turn = 1 - own;
        pthread_cond_signal(&changed);
        pthread_mutex_unlock(&lock);
    }
}

static void *pong(void *unused)
{
    play(1);
    return unused;
}

static void ping_pong(void)
{
    pthread_t other = scenario_start(pong, NULL);
    play(0);
    scenario_join(other);
}

static void fail(void)
{
    exit(3);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } ways[] = {
        {"hang", hang}, {"work", work}, {"ping-pong", ping_pong}, {"fail", fail}, {"abort", abort}};
    for (size_t i = 0; i < sizeof ways / sizeof ways[0] && argc == 2; i++) {
        if (strcmp(argv[1], ways[i].name) == 0) {
            ways[i].run();
            return 0;
        }
    }
    return 2;
}
