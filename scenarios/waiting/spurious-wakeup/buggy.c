/* SPDX-License-Identifier: MIT */
/*
 * A wait behind an `if`: being awake is taken for having been called.
 *
 *     main                                  postman
 *     lock, there is false
 *     wait dropped
 *     wakes, and nobody signalled
 *     takes a letter that is not there
 *                                           lock, drop the letter, signal
 *
 * The standard allows a wait to return without a signal. It happens with some systems, signals
 * and loads, and not in the test.
 */
#include "common.h"

static int take_letter(void)
{
    pthread_mutex_lock(&lock);
    if (!there)
        pthread_cond_wait(&dropped, &lock);
    int taken = letter;
    pthread_mutex_unlock(&lock);
    return taken;
}
