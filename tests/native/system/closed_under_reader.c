/* SPDX-License-Identifier: MIT */
/* allowed: read 5, then -32 | read -1, then -32 */
/* A descriptor is closed while a thread reads from it: the read goes on. (Or it had not begun.) */
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "result.h"

static int p[2];
static long got;

static void *reader(void *unused)
{
    char text[8];
    got = read(p[0], text, sizeof text);
    return unused;
}

int main(void)
{
    pthread_t thread;
    signal(SIGPIPE, SIG_IGN);
    if (pipe(p) != 0)
        return 1;
    pthread_create(&thread, NULL, reader, NULL);
    usleep(500000);
    close(p[0]);
    long early = result_of(write(p[1], "later", 5));
    pthread_join(thread, NULL);
    long late = result_of(write(p[1], "nobody", 6));
    printf("read %ld, then %ld\n", got, late);
    return early != 5 && early != -EPIPE;
}
