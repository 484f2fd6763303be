/* SPDX-License-Identifier: MIT */
/* Three writers of records no longer than PIPE_BUF into one pipe: records stay whole. */
/* fault 1: a record is written in two halves */
/* finds 1: exit-status */
/* fault 2: the reader waits for one record too many while a writing end is open */
/* finds 2: deadlock (channel) | deadlock (stuck) | deadlock (self) */
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "threads.h"

static int ends[2];

static void *writer(void *argument)
{
    char record[PIPE_BUF];
    size_t half = sizeof record / 2;
    memset(record, 'a' + (int)(long)argument, sizeof record);
    for (int i = 0; i < 20; i++) {
        if (fault == 1)
            must(write(ends[1], record, half) != (ssize_t)half ||
                 write(ends[1], record, half) != (ssize_t)half);
        else
            must(write(ends[1], record, sizeof record) != (ssize_t)sizeof record);
    }
    return NULL;
}

static void take(void)
{
    char record[PIPE_BUF];
    for (size_t got = 0; got < sizeof record;) {
        ssize_t more = read(ends[0], record + got, sizeof record - got);
        must(more <= 0);
        got += (size_t)more;
    }
    holds(memchr(record, record[0], 1) && !memcmp(record, record + 1, sizeof record - 1));
}

static void *reader(void *argument)
{
    for (int i = 0; i < 60 + (fault == 2); i++)
        take();
    return argument;
}

static void *body(void *argument)
{
    return (long)argument < 3 ? writer(argument) : reader(argument);
}

int main(void)
{
    must(pipe(ends));
    run_threads(4, body);
}
