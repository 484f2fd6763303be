/* SPDX-License-Identifier: MIT */
/* _exit in a thread ends the program at once: what stdio still holds is lost. */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static void *leave(void *unused)
{
    static const char text[] = "leaving\n";
    if (write(1, text, sizeof text - 1) > 0)
        _exit(0);
    return unused;
}

int main(void)
{
    pthread_t thread;
    printf("lost");
    pthread_create(&thread, NULL, leave, NULL);
    pthread_join(thread, NULL);
    printf("never");
    return 1;
}
