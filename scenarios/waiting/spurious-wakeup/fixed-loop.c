/* SPDX-License-Identifier: MIT */
/*
 * The wait in a loop: who wakes looks again.
 *
 * After the loop the predicate holds because it was just looked at under the mutex, whatever the
 * reason for waking was.
 */
#include "common.h"

static int take_letter(void)
{
    pthread_mutex_lock(&lock);
    while (!there)
        pthread_cond_wait(&dropped, &lock);
    int taken = letter;
    pthread_mutex_unlock(&lock);
    return taken;
}
