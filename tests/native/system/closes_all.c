/* SPDX-License-Identifier: MIT */
/* A program that closes every descriptor and goes on. */
#include <pthread.h>
#include <unistd.h>

static int p[2];

static void *writer(void *unused)
{
    return write(p[1], "abc", 3) == 3 ? unused : p;
}

int main(void)
{
    pthread_t thread;
    void *failed = p;
    char text[4];
    for (int i = 0; i < 2000; i++)
        close(i);
    if (pipe(p) != 0 || p[0] != 0 || p[1] != 1)
        return 1;
    pthread_create(&thread, NULL, writer, NULL);
    if (read(p[0], text, 3) != 3)
        return 2;
    pthread_join(thread, &failed);
    close_range(0, ~0u, 0);
    return failed != NULL || write(1, "x", 1) != -1;
}
