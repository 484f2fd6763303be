/* SPDX-License-Identifier: MIT */
/*
 * There is a flag, always used under the mutex, and yet a gap between looking and waiting.
 *
 *     main                                  reporter
 *                                           lock, done is false, unlock
 *     lock, done = true
 *     signal announced   (nobody waits)
 *     unlock
 *                                           lock, wait announced   (for ever)
 *
 * No access races, so no race detector has anything to say.
 */
#include "common.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t announced = PTHREAD_COND_INITIALIZER;
static bool done; /* guarded by lock */

static void announce(void)
{
    pthread_mutex_lock(&lock);
    done = true;
    pthread_cond_signal(&announced);
    pthread_mutex_unlock(&lock);
}

static bool is_done(void)
{
    pthread_mutex_lock(&lock);
    bool answer = done;
    pthread_mutex_unlock(&lock);
    return answer;
}

static void await(void)
{
    while (!is_done()) {
        pthread_mutex_lock(&lock);
        pthread_cond_wait(&announced, &lock);
        pthread_mutex_unlock(&lock);
    }
}
