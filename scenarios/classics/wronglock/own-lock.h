/* SPDX-License-Identifier: MIT */
/*
 * The others lock, all of them the same lock, and it is the wrong one.
 *
 *     keeper                            one of the others
 *     lock register_lock
 *     visits is 0
 *     visits = 1
 *                                       lock visitor_lock
 *                                       visits = 2
 *     visits is 2, not 1
 */
#include "common.h"

static pthread_mutex_t visitor_lock = PTHREAD_MUTEX_INITIALIZER;

static void add_visit(void)
{
    pthread_mutex_lock(&visitor_lock);
    visits = visits + 1;
    pthread_mutex_unlock(&visitor_lock);
}
