/* SPDX-License-Identifier: MIT */
/* A stream that libc keeps locked while it waits for room in a pipe: who locks it, by flockfile
 * or inside a call, waits until then. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "result.h"

#define BULK 100000

static FILE *stream;
static int ends[2];
static char bulk[BULK];

static void *write_bulk(void *unused)
{
    (void)unused;
    fwrite(bulk, 1, BULK, stream);
    fflush(stream);
    return NULL;
}

static void *lock_it(void *unused)
{
    (void)unused;
    flockfile(stream);
    putc_unlocked('a', stream);
    sched_yield();
    putc_unlocked('b', stream);
    funlockfile(stream);
    return NULL;
}

static void *put_it(void *unused)
{
    (void)unused;
    fputs("cd", stream);
    return NULL;
}

static int broken;

static void count(const char *text, ssize_t size, int *letters)
{
    static char before;
    for (ssize_t i = 0; i < size; i++) {
        *letters += text[i] != 'x';
        if ((text[i] == 'b' && before != 'a') || (text[i] == 'd' && before != 'c'))
            broken++;
        before = text[i];
    }
}

int main(void)
{
    void *(*const functions[])(void *) = {write_bulk, lock_it, put_it};
    pthread_t thread[3];
    static char text[4096];
    int letters = 0;
    ssize_t got = 0;
    memset(bulk, 'x', sizeof bulk);
    if (pipe(ends) != 0)
        return 1;
    stream = fdopen(ends[1], "w");
    for (int i = 0; i < 3; i++)
        pthread_create(&thread[i], NULL, functions[i], NULL);
    for (ssize_t left = BULK; left > 0; left -= got) {
        got = read(ends[0], text, sizeof text);
        count(text, got, &letters);
    }
    for (int i = 0; i < 3; i++)
        pthread_join(thread[i], NULL);
    fclose(stream);
    while ((got = read(ends[0], text, sizeof text)) > 0)
        count(text, got, &letters);
    SHOW_VALUE(letters);
    SHOW_VALUE(broken);
    return 0;
}
