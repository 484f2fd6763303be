/* SPDX-License-Identifier: MIT */
/* Event counters: values, semaphores, errors; a reader and a writer that wait. */
#include <pthread.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "result.h"

static int fd;
static char report[128]; /* by a thread, printed when it is joined */

static void *reader(void *unused)
{
    uint64_t value = 0;
    long n = read(fd, &value, sizeof value);
    snprintf(report, sizeof report, "read %ld value %lu", n, (unsigned long)value);
    return unused;
}

static void *full_writer(void *unused)
{
    uint64_t value = 2;
    return write(fd, &value, sizeof value) == 8 ? unused : &fd;
}

int main(void)
{
    pthread_t thread;
    uint64_t value = 3;
    char small[4];
    SHOW(fd = eventfd(0, EFD_NONBLOCK));
    SHOW(read(fd, &value, sizeof value));
    SHOW(write(fd, &value, sizeof value));
    SHOW(write(fd, &value, sizeof value));
    SHOW(read(fd, small, sizeof small));
    SHOW(read(fd, &value, sizeof value));
    printf("value %lu\n", (unsigned long)value);
    value = UINT64_MAX;
    SHOW(write(fd, &value, sizeof value));
    value = UINT64_MAX - 1;
    SHOW(write(fd, &value, sizeof value));
    value = 1;
    SHOW(write(fd, &value, sizeof value));
    SHOW(close(fd));
    SHOW(fd = eventfd(2, EFD_SEMAPHORE));
    reader(NULL);
    printf("%s\n", report);
    reader(NULL);
    printf("%s\n", report);
    pthread_create(&thread, NULL, reader, NULL);
    value = 1;
    SHOW(write(fd, &value, sizeof value));
    pthread_join(thread, NULL);
    printf("%s\n", report);
    SHOW(close(fd));
    SHOW(fd = eventfd(0, 0));
    value = UINT64_MAX - 2;
    SHOW(write(fd, &value, sizeof value));
    pthread_create(&thread, NULL, full_writer, NULL);
    usleep(300000);
    reader(NULL);
    printf("%s\n", report);
    void *failed;
    pthread_join(thread, &failed);
    printf("full writer failed %d\n", failed != NULL);
    SHOW(eventfd_write(fd, 4));
    SHOW(eventfd_read(fd, &value));
    printf("value %lu\n", (unsigned long)value);
    return 0;
}
