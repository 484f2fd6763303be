/* SPDX-License-Identifier: MIT */
/*
 * A race that plain runs never show: the reader comes long after the writer, and the lock that
 * both take then orders what the writer did before it. Only when the reader has the lock first is
 * there nothing between the two.
 */
/* beneath: thread */
/* fault 1: the data are written before the lock is taken */
/* natively 1: silent */
/* finds 1: sanitizer */
/* tells 1: ThreadSanitizer: data race */
/* tells 1: T0\.[12] (reads|writes) data \(hidden_race\.c:\d+\) */
/* tells 1: T0\.[12] writes data \(hidden_race\.c:\d+\) */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#define LATE_US 50000

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int data;
static int written;

static void *write_it(void *unused)
{
#if FAULT == 1
    data = 7;
    pthread_mutex_lock(&lock);
#else
    pthread_mutex_lock(&lock);
    data = 7;
#endif
    written = 1;
    pthread_mutex_unlock(&lock);
    return unused;
}

static void *read_it(void *unused)
{
    usleep(LATE_US);
    pthread_mutex_lock(&lock);
    int seen = written;
#if FAULT == 1
    pthread_mutex_unlock(&lock);
    seen += data;
#else
    seen += data;
    pthread_mutex_unlock(&lock);
#endif
    printf("%s\n", seen >= 0 ? "read" : "impossible");
    return unused;
}

int main(void)
{
    pthread_t writer, reader;
    pthread_create(&writer, NULL, write_it, NULL);
    pthread_create(&reader, NULL, read_it, NULL);
    pthread_join(writer, NULL);
    pthread_join(reader, NULL);
    return 0;
}
