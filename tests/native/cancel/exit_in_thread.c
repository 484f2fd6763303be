/* SPDX-License-Identifier: MIT */
/* exit is called by a thread while main waits for it: handlers run, and main does not go on. */
#include <stdlib.h>
#include <unistd.h>

#include "../sync/result.h"

static void at_exit(void)
{
    puts("at exit");
}

static void destroy(void *unused)
{
    (void)unused;
    puts("never: exit runs no destructors of keys");
}

static void *leaves(void *unused)
{
    pthread_key_t key;
    pthread_key_create(&key, destroy);
    pthread_setspecific(key, &key);
    exit(0);
    return unused;
}

int main(void)
{
    atexit(at_exit);
    in_thread(leaves, NULL);
    puts("never: main goes on");
    return 0;
}
