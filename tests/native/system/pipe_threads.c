/* SPDX-License-Identifier: MIT */
/* Pipes between threads: a blocked reader, a blocked writer, the end of file, a broken pipe,
 * whole records. */
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "result.h"

#define RECORDS 12

static int p[2];
static char report[128]; /* by a thread, printed when it is joined */

static void *read_to_end(void *unused)
{
    char text[64];
    long total = 0;
    long n;
    while ((n = read(p[0], text, sizeof text)) > 0)
        total += n;
    snprintf(report, sizeof report, "read to end %ld, last %ld", total, n);
    return unused;
}

static void *write_large(void *unused)
{
    static char large[150000];
    long written = write(p[1], large, sizeof large);
    snprintf(report, sizeof report, "written %ld, closed %d", written, close(p[1]));
    return unused;
}

static void *write_records(void *mark)
{
    char record[512];
    memset(record, *(char *)mark, sizeof record);
    for (int i = 0; i < RECORDS; i++)
        if (write(p[1], record, sizeof record) != (long)sizeof record)
            printf("short record\n");
    return NULL;
}

static void whole_records(void)
{
    pthread_t thread[2];
    static char a = 'a';
    static char b = 'b';
    char record[512];
    int torn = 0;
    int count[2] = {0, 0};
    SHOW(pipe(p));
    pthread_create(&thread[0], NULL, write_records, &a);
    pthread_create(&thread[1], NULL, write_records, &b);
    for (int i = 0; i < 2 * RECORDS; i++) {
        if (read(p[0], record, sizeof record) != (long)sizeof record)
            printf("short read\n");
        count[record[0] == 'b']++;
        torn += record[0] != record[511];
    }
    pthread_join(thread[0], NULL);
    pthread_join(thread[1], NULL);
    printf("records %d %d torn %d\n", count[0], count[1], torn);
    close(p[0]);
    close(p[1]);
}

int main(void)
{
    pthread_t thread;
    signal(SIGPIPE, SIG_IGN);
    SHOW(pipe(p));
    pthread_create(&thread, NULL, read_to_end, NULL);
    for (int i = 0; i < 5; i++)
        SHOW(write(p[1], "0123456789", 10));
    SHOW(close(p[1]));
    pthread_join(thread, NULL);
    printf("%s\n", report);
    SHOW(close(p[0]));
    SHOW(pipe(p));
    pthread_create(&thread, NULL, write_large, NULL);
    long total = 0;
    char text[1000];
    long n;
    while ((n = read(p[0], text, sizeof text)) > 0)
        total += n;
    pthread_join(thread, NULL);
    printf("%s, total %ld\n", report, total);
    whole_records();
    return 0;
}
