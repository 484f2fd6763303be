/* SPDX-License-Identifier: MIT */
/*
 * The publisher keeps the draft's lock until the copy is made.
 *
 * A reader who finds a draft had draft_lock after that publisher let it go, so the copy was there.
 * Locks are always taken in this order, and the reader never holds both.
 */
#define PUBLISHERS 1
#include "common.h"

static void publish(int value)
{
    pthread_mutex_lock(&draft_lock);
    draft = value;
    pthread_mutex_lock(&copy_lock);
    copy = value + 1;
    pthread_mutex_unlock(&copy_lock);
    pthread_mutex_unlock(&draft_lock);
}
