/* SPDX-License-Identifier: MIT */
/* A process has one thread until it makes another one: glibc says so to programs and to itself. */
/* flags: -fno-pie -no-pie */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/single_threaded.h>

static void *nothing(void *unused)
{
    return unused;
}

/* The program has a copy of the byte of its own (it lies at a fixed place); libc reads the
 * other. */
static void show(const char *when)
{
    const char *in_libc = dlvsym(RTLD_NEXT, "__libc_single_threaded", "GLIBC_2.32");
    printf("%s: %d %d\n", when, __libc_single_threaded, in_libc ? *in_libc : -1);
}

int main(void)
{
    pthread_t thread;
    show("alone");
    pthread_create(&thread, NULL, nothing, NULL);
    show("two");
    pthread_join(thread, NULL);
    show("alone again");
    return 0;
}
