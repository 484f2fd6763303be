/* SPDX-License-Identifier: MIT */
/*
 * The lock belongs to the register, not to who uses it: everybody takes the same one.
 */
#define OTHERS 3
#include "common.h"

static void add_visit(void)
{
    pthread_mutex_lock(&register_lock);
    visits = visits + 1;
    pthread_mutex_unlock(&register_lock);
}
