/* SPDX-License-Identifier: MIT */
/* Hangs in the sandbox only. */
#include <pthread.h>
#include <stdio.h>
#include <time.h>

int main(void)
{
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&mutex);
    if (time(NULL) < 1000000000)
        pthread_mutex_lock(&mutex);
    puts("fine");
    return 0;
}
