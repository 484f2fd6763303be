/* SPDX-License-Identifier: MIT */
/* A library whose constructor waits until the program lets it go on. */
#include <semaphore.h>
#include <stddef.h>

extern sem_t *library_may_load __attribute__((weak));

__attribute__((constructor)) static void loaded(void)
{
    if (&library_may_load != NULL)
        sem_wait(library_may_load);
}
