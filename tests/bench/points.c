/* SPDX-License-Identifier: MIT */
/*
 * points: the program that the benchmarks run. `points WORKERS PAIRS [SYSCALLS]`: so many
 * threads lock and unlock one mutex so many times; then the first thread makes so many system
 * calls that pass no symbol.
 */
#include <pthread.h>
#include <stdlib.h>
#include <sys/syscall.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long pairs;
static long count;

static void *work(void *unused)
{
    for (long i = 0; i < pairs; i++) {
        pthread_mutex_lock(&lock);
        count++;
        pthread_mutex_unlock(&lock);
    }
    return unused;
}

static long bare_call(long number)
{
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(0), "S"(0), "d"(0)
                     : "rcx", "r11", "memory");
    return result;
}

int main(int argc, char **argv)
{
    pthread_t thread[16];
    int workers = argc > 1 ? atoi(argv[1]) : 2;
    pairs = argc > 2 ? atol(argv[2]) : 24;
    long calls = argc > 3 ? atol(argv[3]) : 0;
    for (int i = 0; i < workers; i++)
        pthread_create(&thread[i], NULL, work, NULL);
    for (int i = 0; i < workers; i++)
        pthread_join(thread[i], NULL);
    for (long i = 0; i < calls; i++)
        bare_call(SYS_getuid);
    return count == pairs * workers ? 0 : 1;
}
