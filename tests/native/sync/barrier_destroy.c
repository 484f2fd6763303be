/* SPDX-License-Identifier: MIT */
/* The serial thread may destroy the barrier at once: it waits until the others have left. Which
 * thread is the serial one is open. */
/* allowed: serial 0 | serial 1 | serial 2 */
/* every: 300 */
#include <stdlib.h>

#include "result.h"

static pthread_barrier_t *barrier;

static void *meet(void *number)
{
    if (pthread_barrier_wait(barrier) == 0)
        return NULL;
    pthread_barrier_destroy(barrier);
    memset(barrier, 0xa5, sizeof *barrier);
    free(barrier);
    printf("serial %ld\n", (long)number);
    return NULL;
}

int main(void)
{
    pthread_t thread[3];
    barrier = malloc(sizeof *barrier);
    pthread_barrier_init(barrier, NULL, 3);
    for (long i = 0; i < 3; i++)
        pthread_create(&thread[i], NULL, meet, (void *)i);
    for (int i = 0; i < 3; i++)
        pthread_join(thread[i], NULL);
    return 0;
}
