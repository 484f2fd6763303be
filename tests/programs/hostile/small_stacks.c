/* SPDX-License-Identifier: MIT */
/* Threads with the smallest stack there is. */
/* status: 0 */
/* says: NO FAILURE in 20 runs (not a proof): # distinct behaviours */
#include <limits.h>
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int turns;

static void *work(void *unused)
{
    char word[32];
    pthread_mutex_lock(&lock);
    turns += snprintf(word, sizeof word, "%d", turns % 10);
    pthread_mutex_unlock(&lock);
    return unused;
}

int main(void)
{
    pthread_t thread[4];
    pthread_attr_t small;
    pthread_attr_init(&small);
    if (pthread_attr_setstacksize(&small, 16384) != 0)
        return 2;
    for (int i = 0; i < 4; i++) {
        if (pthread_create(&thread[i], &small, work, NULL) != 0)
            return 2;
    }
    for (int i = 0; i < 4; i++)
        pthread_join(thread[i], NULL);
    return turns == 4 ? 0 : 1;
}
