/* SPDX-License-Identifier: MIT */
/* Two locks; in the wrong program they are taken in two orders, natively never at the same time. */
/* beneath: thread address */
/* fault 1: the second thread takes them the other way round */
/* natively 1: silent */
/* finds 1: deadlock (cycle) */
/* tells 1: T0\.1 holds (first|second) \(two_locks\.c:\d+\) and waits for (first|second) */
/* tells 1: T0\.2 holds (first|second) \(two_locks\.c:\d+\) and waits for (first|second) */
#include <pthread.h>
#include <unistd.h>

#define LATE_US 50000

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static int n;

static void add(pthread_mutex_t *outer, pthread_mutex_t *inner)
{
    pthread_mutex_lock(outer);
    pthread_mutex_lock(inner);
    n++;
    pthread_mutex_unlock(inner);
    pthread_mutex_unlock(outer);
}

static void *early(void *unused)
{
    add(&first, &second);
    return unused;
}

static void *late(void *unused)
{
    usleep(LATE_US);
#if FAULT == 1
    add(&second, &first);
#else
    add(&first, &second);
#endif
    return unused;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, early, NULL);
    pthread_create(&b, NULL, late, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    return n == 2 ? 0 : 1;
}
