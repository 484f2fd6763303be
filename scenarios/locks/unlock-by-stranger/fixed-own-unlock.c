/* SPDX-License-Identifier: MIT */
/*
 * Who took the lock gives it back, once.
 *
 * The way out of a busy printer is before the part that unlocks, so every unlock has exactly one
 * lock of the same task before it.
 */
#include "common.h"

static pthread_mutex_t printer = PTHREAD_MUTEX_INITIALIZER;

static bool print_job(void)
{
    if (pthread_mutex_trylock(&printer) != 0)
        return false;
    print_pages();
    pthread_mutex_unlock(&printer);
    return true;
}
