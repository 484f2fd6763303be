/* SPDX-License-Identifier: MIT */
/* What a program sees of itself is consistent, by every way there is of asking. */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "result.h"

static void *other(void *tid)
{
    *(pid_t *)tid = gettid();
    return NULL;
}

int main(void)
{
    pthread_t thread;
    pid_t tid = 0;
    cpu_set_t cpus;
    cpu_set_t same;
    unsigned cpu = 9999;
    char a[32] = {0};
    char b[32] = {0};
    char large[257];
    printf("pid %d tid %d\n", getpid() == (pid_t)syscall(SYS_getpid), gettid() == getpid());
    printf("parent %d\n", getppid() > 0 && getppid() != getpid());
    pthread_create(&thread, NULL, other, &tid);
    pthread_join(thread, NULL);
    printf("other tid %d\n", tid > 0 && tid != getpid());
    SHOW(sched_getaffinity(0, sizeof cpus, &cpus));
    printf("cpus %d %d %d\n", CPU_COUNT(&cpus) == (int)sysconf(_SC_NPROCESSORS_ONLN),
           get_nprocs() == (int)sysconf(_SC_NPROCESSORS_ONLN), get_nprocs_conf() >= get_nprocs());
    SHOW(sched_getaffinity(0, 1, &cpus));
    SHOW(sched_getaffinity(12345678, sizeof cpus, &cpus));
    SHOW(pthread_getaffinity_np(pthread_self(), sizeof same, &same));
    SHOW(sched_setaffinity(0, sizeof same, &same));
    SHOW(syscall(SYS_getcpu, &cpu, NULL, NULL));
    printf("cpu %d %d\n", cpu < (unsigned)get_nprocs_conf(), sched_getcpu() >= 0);
    SHOW(getrandom(a, sizeof a, 0));
    SHOW(getentropy(b, sizeof b));
    printf("chance %d\n", memcmp(a, b, sizeof a) != 0);
    SHOW(getrandom(a, sizeof a, 1u << 20));
    SHOW(getentropy(large, sizeof large));
    int fd = open("/dev/urandom", O_RDONLY);
    SHOW(read(fd, a, sizeof a));
    printf("chance %d\n", memcmp(a, b, sizeof a) != 0);
    return close(fd);
}
