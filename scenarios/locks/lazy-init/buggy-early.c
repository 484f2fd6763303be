/* SPDX-License-Identifier: MIT */
/*
 * Double-checked locking, and the pointer is set before the settings are filled: the order in which
 * a compiler or a machine may do it anyway (see buggy.c), in the program's own text.
 *
 *     one reader                        another reader
 *     lock, instance is NULL
 *     instance = the settings
 *                                       instance is not NULL: reads 0 by 0
 *     fills the settings
 *     unlock
 */
#include "common.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct settings only;
static struct settings *volatile instance;

static struct settings *settings(void)
{
    if (instance == NULL) {
        pthread_mutex_lock(&lock);
        if (instance == NULL) {
            instance = &only;
            only = (struct settings){.width = 80, .height = 24};
        }
        pthread_mutex_unlock(&lock);
    }
    return instance;
}
