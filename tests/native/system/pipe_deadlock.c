/* SPDX-License-Identifier: MIT */
/* finding: deadlock channel */
/* Both ends write more than fits before anybody reads. */
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

static int s[2];
static char large[4000000];

static void *both_write(void *end)
{
    int fd = s[*(int *)end];
    long n = write(fd, large, sizeof large);
    while (n > 0 && read(fd, large, sizeof large) > 0)
        n--;
    return NULL;
}

int main(void)
{
    pthread_t thread;
    static int ends[2] = {0, 1};
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, s) != 0)
        return 1;
    pthread_create(&thread, NULL, both_write, &ends[1]);
    both_write(&ends[0]);
    pthread_join(thread, NULL);
    return 0;
}
