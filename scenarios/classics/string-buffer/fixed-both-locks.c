/* SPDX-License-Identifier: MIT */
/*
 * Both buffers stay locked from the question for the length to the last character.
 *
 * Nothing is copied twice. But there are two locks now, and somebody has to give them an order: the
 * lower address first.
 */
#include "common.h"

static void append(struct buffer *to, struct buffer *from)
{
    struct buffer *first = to < from ? to : from;
    struct buffer *second = to < from ? from : to;
    pthread_mutex_lock(&first->lock);
    pthread_mutex_lock(&second->lock);
    memcpy(to->text + to->length, from->text, (size_t)from->length);
    to->length += from->length;
    pthread_mutex_unlock(&second->lock);
    pthread_mutex_unlock(&first->lock);
}
