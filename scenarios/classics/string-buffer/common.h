/* SPDX-License-Identifier: MIT */
/*
 * A buffer of characters, each of whose operations takes its lock. One thread appends the buffer
 * `source` to another while an editor clears it and writes it anew. How one buffer is appended to
 * another is what the variants are about.
 */
#include "scenario.h"

#define CAPACITY 16

struct buffer {
    pthread_mutex_t lock;
    int length; /* guarded by lock, as is the next */
    char text[CAPACITY];
};

static struct buffer source = {PTHREAD_MUTEX_INITIALIZER, 3, "abc"};
static struct buffer target = {PTHREAD_MUTEX_INITIALIZER, 0, ""};

static void append(struct buffer *to, struct buffer *from);

static inline int length_of(struct buffer *buffer)
{
    pthread_mutex_lock(&buffer->lock);
    int length = buffer->length;
    pthread_mutex_unlock(&buffer->lock);
    return length;
}

static inline void copy_out(struct buffer *buffer, int length, char *out)
{
    pthread_mutex_lock(&buffer->lock);
    scenario_check(length <= buffer->length, "a copy asks for no more than there is");
    memcpy(out, buffer->text, (size_t)length);
    pthread_mutex_unlock(&buffer->lock);
}

static void clear(struct buffer *buffer)
{
    pthread_mutex_lock(&buffer->lock);
    buffer->length = 0;
    pthread_mutex_unlock(&buffer->lock);
}

static void write_text(struct buffer *buffer, const char *text, int length)
{
    pthread_mutex_lock(&buffer->lock);
    memcpy(buffer->text + buffer->length, text, (size_t)length);
    buffer->length += length;
    pthread_mutex_unlock(&buffer->lock);
}

static void *editor(void *unused)
{
    clear(&source);
    write_text(&source, "abc", 3);
    return unused;
}

static void *appender(void *unused)
{
    append(&target, &source);
    return unused;
}

int main(void)
{
    pthread_t appends = scenario_start(appender, NULL);
    pthread_t edits = scenario_start(editor, NULL);
    scenario_join(appends);
    scenario_join(edits);
    scenario_check(target.length == 0 || target.length == 3, "what was appended was there once");
    return 0;
}
