/* SPDX-License-Identifier: MIT */
/*
 * A signal is taken for a message.
 *
 *     main                                  reporter
 *     signal announced   (nobody waits)
 *                                           wait announced   (for ever)
 *
 * A condition remembers nothing: a signal that finds no waiter is gone.
 */
#include "common.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t announced = PTHREAD_COND_INITIALIZER;

static void announce(void)
{
    pthread_mutex_lock(&lock);
    pthread_cond_signal(&announced);
    pthread_mutex_unlock(&lock);
}

static void await(void)
{
    pthread_mutex_lock(&lock);
    pthread_cond_wait(&announced, &lock);
    pthread_mutex_unlock(&lock);
}
