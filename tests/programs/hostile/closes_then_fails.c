/* SPDX-License-Identifier: MIT */
/* Closes every descriptor, then locks a lock that it has. */
/* status: 1 */
/* says: FOUND deadlock (self) in run 0: closes_then_fails-deadlock-1.sched */
#include <pthread.h>
#include <unistd.h>

int main(void)
{
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    for (int fd = 0; fd < 70000; fd++)
        close(fd);
    closefrom(0);
    pthread_mutex_lock(&lock);
    pthread_mutex_lock(&lock);
}
