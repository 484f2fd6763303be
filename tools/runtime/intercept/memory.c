/* SPDX-License-Identifier: MIT */
/*
 * memory.c: the doors through which memory goes. No model survives the memory that it stood in:
 * what is put there next is a new object. These are no points.
 *
 * They are called before anything else is, by the dynamic linker and while the real functions
 * are looked up; memory that is given back in the midst of that is kept.
 */
#include <dlfcn.h>
#include <malloc.h>

#include "intercept/doors.h"

static struct real *const real = &ilv__real_table; /* its other entries may not be there yet */
/* dlvsym is declared as never calling back into this file; it does, through free. */
static volatile bool looking;

/* Whether the real functions can be called. */
static bool ready(void)
{
    if (ilv_likely(real->free != NULL && real->realloc != NULL))
        return true;
    if (looking)
        return false;
    looking = true;
    *(void **)(void *)&real->free = dlvsym(RTLD_NEXT, "free", "GLIBC_2.2.5");
    *(void **)(void *)&real->realloc = dlvsym(RTLD_NEXT, "realloc", "GLIBC_2.2.5");
    looking = false;
    return real->free != NULL && real->realloc != NULL;
}

void ilv_door_free(void *memory)
{
    if (memory == NULL || !ready())
        return;
    if (ilv__managed())
        ilv__objects_gone(memory, malloc_usable_size(memory));
    real->free(memory);
}

/* In place, what was in the part that is kept stays. */
static void moved(void *before, size_t size, void *after)
{
    size_t kept = after == before ? malloc_usable_size(after) : 0;
    if (kept < size)
        ilv__objects_gone((char *)before + kept, size - kept);
}

void *ilv_door_realloc(void *memory, size_t size)
{
    if (!ready())
        return NULL;
    if (memory == NULL || !ilv__managed())
        return real->realloc(memory, size);
    size_t had = malloc_usable_size(memory);
    void *now = real->realloc(memory, size);
    if (now != NULL || size == 0)
        moved(memory, had, now);
    return now;
}

int ilv_door_munmap(void *start, size_t size)
{
    if (ilv__managed())
        ilv__objects_gone(start, size);
    return ilv__real()->munmap(start, size);
}
