/* SPDX-License-Identifier: MIT */
/*
 * memory.c: the doors through which memory goes. No model survives the memory that it stood in:
 * what is put there next is a new object. These are no points.
 *
 * They are called before anything else is, by the dynamic linker and while the real functions
 * are looked up; memory that is given back in the midst of that is kept.
 *
 * A pointer that is no block of memory, or not any more, is the program's fault, and it is to end
 * where it ends natively, in libc. Before that is called nothing is touched but the word before
 * the block, which libc looks at first as well: malloc_usable_size() looks behind the block too,
 * and what was given back once may seem to end where nothing is mapped.
 */
#include <dlfcn.h>
#include <gnu/libc-version.h>

#include "intercept/doors.h"
#include "lookup.h"

static struct real *const real = &ilv__real_table; /* its other entries may not be there yet */
static volatile bool looking;
static bool libc_heap; /* free is libc's own: what stands before a block is known */

/* glibc: the word before a block is its size, with its header, and flags below. */
#define HEADER_SIZE 8u
#define FLAGS 7u
#define IS_MAPPED 2u /* another word of header */
#define BLOCK_ALIGNMENT 16u
#define SMALLEST 32u

static bool is_libc(void *function)
{
    Dl_info its, libc;
    return dladdr(function, &its) != 0 && dladdr(gnu_get_libc_version(), &libc) != 0 &&
           its.dli_fbase == libc.dli_fbase;
}

/* Whether the real functions can be called. */
static bool ready(void)
{
    if (ilv_likely(real->free != NULL && real->realloc != NULL))
        return true;
    if (looking)
        return false;
    looking = true;
    *(void **)(void *)&real->free = ilv__lookup_next("free", "GLIBC_2.2.5");
    *(void **)(void *)&real->realloc = ilv__lookup_next("realloc", "GLIBC_2.2.5");
    libc_heap = is_libc(*(void **)(void *)&real->free);
    looking = false;
    return real->free != NULL && real->realloc != NULL;
}

/* Of whatever allocator the program has. */
static size_t usable(void *memory)
{
    static size_t (*size)(void *);
    if (size == NULL)
        *(void **)(void *)&size = ilv__lookup_first("malloc_usable_size");
    return size(memory);
}

/* How many bytes a block has; 0 for what cannot be a block. */
static size_t size_of(void *memory)
{
    if (ilv_unlikely(!libc_heap))
        return usable(memory);
    uintptr_t at = (uintptr_t)memory;
    if (ilv_unlikely(at % BLOCK_ALIGNMENT != 0))
        return 0;
    size_t word = ((const size_t *)memory)[-1];
    size_t size = word & ~(size_t)FLAGS;
    bool can_be = size % BLOCK_ALIGNMENT == 0 && size >= SMALLEST && at <= UINTPTR_MAX - size;
    size_t header = (word & IS_MAPPED) != 0 ? 2 * HEADER_SIZE : HEADER_SIZE;
    return ilv_likely(can_be) ? size - header : 0;
}

void ilv_door_free(void *memory)
{
    if (memory == NULL || !ready())
        return;
    if (ilv__managed())
        ilv__objects_gone(memory, size_of(memory));
    real->free(memory);
}

/* In place, what was in the part that is kept stays. */
static void moved(void *before, size_t size, void *after)
{
    size_t kept = after == before ? size_of(after) : 0;
    if (kept < size)
        ilv__objects_gone((char *)before + kept, size - kept);
}

void *ilv_door_realloc(void *memory, size_t size)
{
    if (!ready())
        return NULL;
    if (memory == NULL || !ilv__managed())
        return real->realloc(memory, size);
    size_t had = size_of(memory);
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
