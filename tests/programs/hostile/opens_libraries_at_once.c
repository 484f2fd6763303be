/* SPDX-License-Identifier: MIT */
/* Two threads each open a library, in which a thread is made and joined while the dynamic linker's
 * lock is held; a third thread is made meanwhile, for which that lock is needed too. */
/* status: 0 */
/* says: NO FAILURE in 20 runs (not a proof): # distinct behaviours */
#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>

static void *load(void *name)
{
    return dlopen(name, RTLD_NOW);
}

static void *nothing(void *unused)
{
    return unused;
}

static int loads(pthread_t thread)
{
    void *library = NULL;
    return pthread_join(thread, &library) == 0 && library != NULL && dlclose(library) == 0;
}

int main(void)
{
    static char first[] = JOINING_LIBRARY, second[] = JOINING_TOO_LIBRARY;
    pthread_t a, b, c;
    if (pthread_create(&a, NULL, load, first) != 0 || pthread_create(&b, NULL, load, second) != 0 ||
        pthread_create(&c, NULL, nothing, NULL) != 0)
        return 2;
    int both = loads(a) & loads(b);
    return pthread_join(c, NULL) == 0 && both ? 0 : 1;
}
