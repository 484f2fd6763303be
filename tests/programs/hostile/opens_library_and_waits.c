/* SPDX-License-Identifier: MIT */
/* While a library is loaded, its constructor waits for what the program does only after it has made
 * a thread; for that the dynamic linker's lock is needed, which is held until the constructor has
 * ended. Natively nothing goes on either. */
/* status: 1 */
/* link: -rdynamic */
/* tells: deadlock (stuck): all wait and nobody is left who could wake them */
/* tells: T0 waits for the dynamic linker to create a thread (opens_library_and_waits.c:#) */
/* says: FOUND deadlock (stuck) in run #: opens_library_and_waits-deadlock-1.sched */
#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>

static sem_t loading;
extern sem_t *library_may_load;
__attribute__((visibility("default"))) sem_t *library_may_load = &loading;

static void *load(void *unused)
{
    return dlopen(WAITING_LIBRARY, RTLD_NOW) != NULL ? unused : &loading;
}

static void *nothing(void *unused)
{
    return unused;
}

int main(void)
{
    pthread_t loader, other;
    if (sem_init(&loading, 0, 0) != 0 || pthread_create(&loader, NULL, load, NULL) != 0 ||
        pthread_create(&other, NULL, nothing, NULL) != 0)
        return 2;
    sem_post(&loading);
    pthread_join(other, NULL);
    return pthread_join(loader, NULL);
}
