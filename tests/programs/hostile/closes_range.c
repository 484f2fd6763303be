/* SPDX-License-Identifier: MIT */
/* Closes every descriptor in every way there is, and goes on with threads. */
/* status: 0 */
/* says: NO FAILURE in 20 runs (not a proof): # distinct behaviours */
#include <errno.h>
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *close_some(void *unused)
{
    pthread_mutex_lock(&lock);
    for (int fd = 0; fd < 5000; fd++)
        close(fd);
    pthread_mutex_unlock(&lock);
    return unused;
}

int main(void)
{
    pthread_t thread;
    close_range(3, ~0U, 0);
    closefrom(0);
    if (pthread_create(&thread, NULL, close_some, NULL) != 0)
        return 2;
    close_some(NULL);
    pthread_join(thread, NULL);
    return write(1, "x", 1) == -1 && errno == EBADF ? 0 : 1;
}
