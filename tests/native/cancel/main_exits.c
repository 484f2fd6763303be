/* SPDX-License-Identifier: MIT */
/* The first thread ends by pthread_exit; the process goes on until the last one has ended. */
#include <stdlib.h>
#include <unistd.h>

#include "../sync/result.h"

static pthread_t first;

static void at_exit(void)
{
    puts("at exit");
}

static void clean_up(void *unused)
{
    (void)unused;
    puts("clean-up of main");
}

static void *outlives(void *unused)
{
    void *result = NULL;
    SHOW(pthread_join(first, &result));
    printf("main gave %ld\n", (long)result);
    return unused;
}

int main(void)
{
    pthread_t thread;
    atexit(at_exit);
    first = pthread_self();
    pthread_create(&thread, NULL, outlives, NULL);
    pthread_detach(thread);
    pthread_cleanup_push(clean_up, NULL);
    pthread_exit((void *)3);
    pthread_cleanup_pop(0);
    return 1;
}
