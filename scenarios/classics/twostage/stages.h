/* SPDX-License-Identifier: MIT */
/*
 * Each stage under its own lock, one after the other.
 *
 *     publisher                     reader
 *     draft = 1    (draft_lock)
 *                                   draft is 1   (draft_lock)
 *                                   copy is 0    (copy_lock)
 *     copy = 2     (copy_lock)
 *
 * Every access is locked. Between the two stages nothing is, and there the reader must fall; any
 * publisher who is through with both has closed the gap for all.
 */
#include "common.h"

static void publish(int value)
{
    pthread_mutex_lock(&draft_lock);
    draft = value;
    pthread_mutex_unlock(&draft_lock);

    pthread_mutex_lock(&copy_lock);
    copy = value + 1;
    pthread_mutex_unlock(&copy_lock);
}
