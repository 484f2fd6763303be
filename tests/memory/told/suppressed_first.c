/* SPDX-License-Identifier: MIT */
/* A race behind one that is suppressed is found, and told as the only one. */
/* file: given race:^note$ */
/* options: --suppress given */
/* hunts: 1 */
/* status: 1 */
/* tells: T0.# writes money: # -> # (suppressed_first.c:#) */
/* says: FOUND data-race in run #: suppressed_first-data-race-1.sched */
#include <pthread.h>

static int notes;
static int money;

static __attribute__((noinline)) void note(void)
{
    notes++;
}

static void *pay(void *unused)
{
    note();
    money++;
    note();
    return unused;
}

int main(void)
{
    pthread_t thread[2];
    for (int i = 0; i < 2; i++)
        pthread_create(&thread[i], NULL, pay, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    return 0;
}
