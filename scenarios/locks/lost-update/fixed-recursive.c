/* SPDX-License-Identifier: MIT */
/*
 * A recursive lock: the gate holds it for all that it does, and the helper that adds takes it
 * again. Only the last unlock lets others in, so the number is as safe as under a plain mutex.
 */
#include "common.h"

static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static int n; /* guarded by lock */

static void add(int more)
{
    pthread_mutex_lock(&lock);
    n += more;
    pthread_mutex_unlock(&lock);
}

static void count_visitor(void)
{
    pthread_mutex_lock(&lock);
    add(1);
    pthread_mutex_unlock(&lock);
}

static int visitors(void)
{
    return n;
}
