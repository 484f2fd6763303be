/* SPDX-License-Identifier: MIT */
/* Who locks a normal mutex again waits for himself. */
/* finding: deadlock self */
#include "result.h"

int main(void)
{
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&mutex);
    pthread_mutex_lock(&mutex);
    puts("never");
    return 0;
}
