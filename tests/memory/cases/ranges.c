/* SPDX-License-Identifier: MIT */
/* Accesses to many words at once, some of them contended, some known to be only looked at. */
#include "cases.h"

enum { WORDS = 8, COUNTED = 6 };

static long words[WORDS];
static long seen[WORDS];
static long gate;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void lock_unless_faulty(void)
{
    if (fault == 0)
        lock(&mutex);
}

static void unlock_unless_faulty(void)
{
    if (fault == 0)
        unlock(&mutex);
}

static void *fills(void *argument)
{
    long ones[WORDS];
    for (int i = 0; i < WORDS; i++)
        ones[i] = 1;
    lock_unless_faulty();
    words[COUNTED]++;
    gate++;
    memcpy(words, ones, sizeof words);
    words[COUNTED]++;
    unlock_unless_faulty();
    return argument;
}

static void *copies(void *argument)
{
    lock_unless_faulty();
    words[COUNTED]++;
    if (gate != 0)
        memcpy(seen, words, sizeof seen);
    words[COUNTED]++;
    unlock_unless_faulty();
    return argument;
}

/* One copies before or after the other fills, never while.
 * [breaks copied 1: exit-status] */
static void copied(void)
{
    pthread_t filler = thread(fills, NULL);
    pthread_t copier = thread(copies, NULL);
    join(filler);
    join(copier);
    holds(seen[0] == 0 || seen[COUNTED] == 3);
}

/* Each of many words is contended.
 * [breaks all-contended 1: exit-status] */
static void all_contended(void)
{
    pthread_t filler[] = {thread(fills, NULL), thread(fills, NULL)};
    pthread_t copier = thread(copies, NULL);
    join(filler[0]);
    join(filler[1]);
    join(copier);
    holds(words[COUNTED] == 2 || words[COUNTED] == 4);
}

CASES({"copied", copied}, {"all-contended", all_contended})
