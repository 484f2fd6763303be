/* SPDX-License-Identifier: MIT */
/* libc calls read and write too: what they are given must be ordered, what they keep is theirs. */
#include <netdb.h>
#include <sched.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "cases.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void lock_unless_fault(void)
{
    if (fault == 0)
        lock(&mutex);
}

static void unlock_unless_fault(void)
{
    if (fault == 0)
        unlock(&mutex);
}

/* ---- memory and text ---------------------------------------------------------------------- */

static struct record {
    int a, b, c, d;
} record, copies[2];

/* [wrong copied 1: record at copy in, copy out] */
static void *copies_out(void *argument)
{
    long me = (long)argument;
    struct record seen;
    lock_unless_fault();
    memcpy(&seen, &record, sizeof seen); /* copy out */
    unlock_unless_fault();
    holds(seen.a == seen.d);
    copies[me] = seen;
    return NULL;
}

static void *copies_in(void *argument)
{
    const struct record one = {1, 1, 1, 1};
    lock_unless_fault();
    memcpy(&record, &one, sizeof record); /* copy in */
    unlock_unless_fault();
    return argument;
}

static void copied(void)
{
    run_both(copies_out, copies_in);
}

static char text[32];

static void *writes_text(void *argument)
{
    lock_unless_fault();
    strcpy(text, "hello"); /* write the text */
    unlock_unless_fault();
    return argument;
}

static void *reads_text(void *argument)
{
    lock_unless_fault();
    size_t n = strlen(text); /* measure the text */
    unlock_unless_fault();
    holds(n == 0 || n == 5);
    return argument;
}

/* [wrong text 1: text at write the text, measure the text] */
static void texts(void)
{
    run_both(writes_text, reads_text);
}

static void *formats_text(void *argument)
{
    lock_unless_fault();
    snprintf(text, sizeof text, "%d", 12345); /* format the text */
    unlock_unless_fault();
    return argument;
}

/* [wrong formatted 1: text at format the text, measure the text] */
static void formatted(void)
{
    run_both(formats_text, reads_text);
}

static void *clears(void *argument)
{
    lock_unless_fault();
    memset(text, 0, sizeof text); /* clear the text */
    unlock_unless_fault();
    return argument;
}

/* [wrong cleared 1: text at clear the text, measure the text] */
static void cleared(void)
{
    run_both(clears, reads_text);
}

/* ---- files -------------------------------------------------------------------------------- */

static int ends[2];

static void *reads_into(void *argument)
{
    lock_unless_fault();
    must(read(ends[0], text, 4) != 4); /* read into the text */
    unlock_unless_fault();
    return argument;
}

/* [wrong read 1: text at read into the text, measure as it is read] */
static void read_from_pipe(void)
{
    must(pipe(ends) || write(ends[1], "four", 4) != 4);
    pthread_t a = thread(reads_into, NULL);
    lock_unless_fault();
    size_t n = strlen(text); /* measure as it is read */
    unlock_unless_fault();
    holds(n == 0 || n == 4);
    join(a);
}

static void *writes_out(void *argument)
{
    lock_unless_fault();
    must(write(ends[1], text, 4) != 4); /* write the text out */
    unlock_unless_fault();
    return argument;
}

/* [wrong written 1: text at clear the text, write the text out] */
static void written_to_pipe(void)
{
    must(pipe(ends));
    run_both(clears, writes_out);
}

static FILE *stream;

static void *reads_stream(void *argument)
{
    lock_unless_fault();
    must(fread(text, 1, 4, stream) != 4); /* read from the stream */
    unlock_unless_fault();
    return argument;
}

/* [wrong stream 1: text at read from the stream, clear the text] */
static void read_from_stream(void)
{
    stream = fopen("/proc/self/maps", "r");
    must(stream == NULL);
    run_both(reads_stream, clears);
    fclose(stream);
}

static void *prints(void *argument)
{
    for (int i = 0; i < 3; i++) {
        printf("%ld: %d\n", (long)argument, i);
        fputs("x\n", stderr);
    }
    fflush(stdout);
    return NULL;
}

static void printed(void)
{
    run_threads(3, prints);
}

/* ---- calls that keep what they know --------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static int numbers[2][6] = {{5, 3, 1, 2, 4, 0}, {0, 5, 1, 4, 2, 3}};

static void *sorts(void *argument)
{
    int *own = numbers[fault == 1 ? 0 : (long)argument];
    qsort(own, 6, sizeof *own, compare);
    return NULL;
}

static void sorted(void)
{
    run_threads(2, sorts);
    holds(numbers[0][5] == 5);
}

static void *splits(void *argument)
{
    char words[] = "one two three";
    char *rest = NULL;
    int n = 0;
    for (char *word = strtok_r(words, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
        n++;
    holds(n == 3);
    return argument;
}

static void *asks_libc(void *argument)
{
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
    struct addrinfo *found;
    must(getaddrinfo("127.0.0.1", "80", &hints, &found));
    holds(found->ai_family == AF_INET);
    freeaddrinfo(found);
    time_t when = 86400;
    struct tm tm;
    must(gmtime_r(&when, &tm) == NULL);
    holds(tm.tm_mday == 2);
    holds(strcmp(strerror_r(1, (char[64]){0}, 64), "") != 0);
    return splits(argument);
}

static void asked(void)
{
    run_threads(3, asks_libc);
}

CASES({"copied", copied}, {"text", texts}, {"formatted", formatted}, {"cleared", cleared},
      {"read", read_from_pipe}, {"written", written_to_pipe}, {"stream", read_from_stream},
      {"printed", printed}, {"sorted", sorted}, {"asked", asked})
