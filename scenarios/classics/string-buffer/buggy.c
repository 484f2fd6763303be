/* SPDX-License-Identifier: MIT */
/*
 * Asks for the length, then for so many characters: two calls, each locked.
 *
 *     appender                          editor
 *     length of source: 3
 *                                       clear source: length 0
 *     copy 3 characters: there are 0
 *
 * The lock of the buffer that grows is held all the time. It is the other one that changes.
 */
#include "common.h"

static void append(struct buffer *to, struct buffer *from)
{
    pthread_mutex_lock(&to->lock);
    int length = length_of(from);
    copy_out(from, length, to->text + to->length);
    to->length += length;
    pthread_mutex_unlock(&to->lock);
}
