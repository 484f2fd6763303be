/* SPDX-License-Identifier: MIT */
/* Every futex command, with and without sleepers: results and errors. */
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static uint32_t a;
static uint32_t b;

static long futex(uint32_t *word, int command, uint32_t value, const void *timeout, uint32_t *word2,
                  uint32_t value3)
{
    long result = syscall(SYS_futex, word, command, value, timeout, word2, value3);
    return result < 0 ? -errno : result;
}

/* Some commands take a number where others take a time. */
static const void *as_count(uintptr_t n)
{
    return (const void *)n;
}

static void *sleeper(void *bits)
{
    long result;
    do {
        result = futex(&a, FUTEX_WAIT_BITSET_PRIVATE, 0, NULL, NULL, (uint32_t)(uintptr_t)bits);
    } while (result == -EINTR);
    return (void *)(intptr_t)result;
}

static void no_sleepers(void)
{
    struct timespec none = {0, 0};
    struct timespec past = {1, 0};
    struct timespec bad = {0, 1000000000};
    struct timespec negative = {-1, 0};
    printf("other value %ld\n", futex(&a, FUTEX_WAIT, 1, NULL, NULL, 0));
    printf("no time %ld\n", futex(&a, FUTEX_WAIT, 0, &none, NULL, 0));
    printf("past %ld\n", futex(&a, FUTEX_WAIT_BITSET, 0, &past, NULL, ~0u));
    printf("past by calendar %ld\n",
           futex(&a, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 0, &past, NULL, ~0u));
    printf("bad time %ld\n", futex(&a, FUTEX_WAIT, 0, &bad, NULL, 0));
    printf("negative time %ld\n", futex(&a, FUTEX_WAIT, 0, &negative, NULL, 0));
    printf("no bits %ld\n", futex(&a, FUTEX_WAIT_BITSET, 0, NULL, NULL, 0));
    printf("unaligned %ld\n",
           futex((uint32_t *)(void *)((char *)&a + 1), FUTEX_WAIT, 0, &none, NULL, 0));
    printf("wake nobody %ld\n", futex(&a, FUTEX_WAKE, 1, NULL, NULL, 0));
    printf("wake no bits %ld\n", futex(&a, FUTEX_WAKE_BITSET, 1, NULL, NULL, 0));
    printf("requeue nobody %ld\n", futex(&a, FUTEX_REQUEUE, 1, as_count(1), &b, 0));
    printf("requeue other value %ld\n", futex(&a, FUTEX_CMP_REQUEUE, 1, as_count(1), &b, 5));
    printf("wake and add %ld\n", futex(&a, FUTEX_WAKE_OP, 1, as_count(1), &b,
                                       (uint32_t)FUTEX_OP(FUTEX_OP_ADD, 3, FUTEX_OP_CMP_EQ, 0)));
    printf("b %u\n", b);
    printf("wake and or, bad comparison %ld\n",
           futex(&a, FUTEX_WAKE_OP, 1, as_count(1), &b,
                 (uint32_t)FUTEX_OP(FUTEX_OP_OR, 4, FUTEX_OP_CMP_GT, 2)));
    printf("b %u\n", b);
    printf("unknown %ld\n", futex(&a, 99, 0, NULL, NULL, 0));
}

static void collect(pthread_t *thread, int n, const char *what)
{
    long sum = 0;
    for (int i = 0; i < n; i++) {
        void *result;
        pthread_join(thread[i], &result);
        sum += (long)result;
    }
    printf("%s: results %ld\n", what, sum);
}

/* Requeued to where they are: that tells how many sleep. */
static void start(pthread_t *thread, int n, uint32_t bits)
{
    for (int i = 0; i < n; i++)
        pthread_create(&thread[i], NULL, sleeper, (void *)(uintptr_t)bits);
    while (futex(&a, FUTEX_REQUEUE_PRIVATE, 0, as_count(9), &a, 0) < n)
        usleep(1000);
}

int main(void)
{
    pthread_t thread[3];
    no_sleepers();
    start(thread, 3, 1);
    printf("wake other bits %ld\n", futex(&a, FUTEX_WAKE_BITSET_PRIVATE, 3, NULL, NULL, 2));
    printf("wake one %ld\n", futex(&a, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0));
    printf("wake the rest %ld\n", futex(&a, FUTEX_WAKE_PRIVATE, 9, NULL, NULL, 0));
    collect(thread, 3, "woken");
    start(thread, 3, ~0u);
    printf("wake one, move one %ld\n", futex(&a, FUTEX_REQUEUE_PRIVATE, 1, as_count(1), &b, 0));
    printf("wake the moved %ld\n", futex(&b, FUTEX_WAKE_PRIVATE, 9, NULL, NULL, 0));
    printf("wake the rest %ld\n", futex(&a, FUTEX_WAKE_PRIVATE, 9, NULL, NULL, 0));
    collect(thread, 3, "requeued");
    start(thread, 3, ~0u);
    printf("compare and move all %ld\n",
           futex(&a, FUTEX_CMP_REQUEUE_PRIVATE, 0, as_count(9), &b, 0));
    printf("nobody left %ld\n", futex(&a, FUTEX_WAKE_PRIVATE, 9, NULL, NULL, 0));
    printf("wake both %ld\n", futex(&a, FUTEX_WAKE_OP_PRIVATE, 1, as_count(9), &b,
                                    (uint32_t)FUTEX_OP(FUTEX_OP_SET, 0, FUTEX_OP_CMP_NE, 99)));
    collect(thread, 3, "moved");
    return 0;
}
