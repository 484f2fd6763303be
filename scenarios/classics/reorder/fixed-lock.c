/* SPDX-License-Identifier: MIT */
/*
 * One lock around both halves, for who sets and for who looks: nobody is ever seen half way.
 */
#define SETTERS 2
#include "common.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void set(void)
{
    pthread_mutex_lock(&lock);
    first = 1;
    second = -1;
    pthread_mutex_unlock(&lock);
}

static void look(int *seen_first, int *seen_second)
{
    pthread_mutex_lock(&lock);
    *seen_first = first;
    *seen_second = second;
    pthread_mutex_unlock(&lock);
}
