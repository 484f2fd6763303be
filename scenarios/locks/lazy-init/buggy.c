/* SPDX-License-Identifier: MIT */
/*
 * Double-checked locking with a plain pointer.
 *
 *     one reader                        another reader
 *     instance is NULL
 *     lock, instance is NULL
 *     fills the settings
 *     instance = the settings
 *                                       instance is not NULL: reads the settings
 *     unlock
 *
 * Nothing orders the filling before the reading: the compiler, or another machine, may let the
 * pointer be seen before what it points to. On x86, as compiled here, it works; it is a race.
 */
#include "common.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct settings only;
static struct settings *instance;

static struct settings *settings(void)
{
    if (instance == NULL) {
        pthread_mutex_lock(&lock);
        if (instance == NULL) {
            only = (struct settings){.width = 80, .height = 24};
            instance = &only;
        }
        pthread_mutex_unlock(&lock);
    }
    return instance;
}
