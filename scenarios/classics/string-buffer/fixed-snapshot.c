/* SPDX-License-Identifier: MIT */
/*
 * Length and characters are taken in one section, into a copy that is nobody else's.
 *
 * They belong together because nothing came between. Only one lock is held at a time, so two
 * buffers can be appended to each other.
 */
#include "common.h"

static void append(struct buffer *to, struct buffer *from)
{
    char text[CAPACITY];
    pthread_mutex_lock(&from->lock);
    int length = from->length;
    memcpy(text, from->text, (size_t)length);
    pthread_mutex_unlock(&from->lock);
    write_text(to, text, length);
}
